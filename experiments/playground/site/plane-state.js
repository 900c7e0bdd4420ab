// The settings of the plane in the address, where those that are as at the start are left out.
const start = {
  data: 'moons', noise: 0.05, own: [], layers: [16, 16], activation: 'tanh', optimizer: 'Adam', rate: 0.01, rival: '', rivalRate: 0.03,
  regularization: 'none', strength: 0.001, batch: 10, epochs: 1000, seed: 1,
}

const numbers = (text, separator) => (text === '' ? [] : text.split(separator).map(Number))

export function decode(address) {
  const s = { ...start }
  for (const [key, value] of Object.entries(address)) {
    if (!(key in start)) continue
    if (key === 'layers') s.layers = numbers(value, '-')
    else if (key === 'own') s.own = value === '' ? [] : value.split('_').map((p) => numbers(p, ','))
    else s[key] = typeof start[key] === 'number' ? Number(value) : value
  }
  return s
}

export function encode(s) {
  const address = {}
  for (const key of Object.keys(start)) {
    const text = key === 'layers' ? s.layers.join('-') : key === 'own' ? s.own.map((p) => p.join(',')).join('_') : String(s[key])
    const usual = key === 'layers' ? start.layers.join('-') : key === 'own' ? '' : String(start[key])
    if (text !== usual) address[key] = text
  }
  return address
}
