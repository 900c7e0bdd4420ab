import { number } from './address.js'

// The settings of the plane in the address, where those that are as at the start are left out.
const start = {
  data: 'moons', noise: 0.05, own: [], layers: [16, 16], activation: 'tanh', optimizer: 'Adam', rate: 0.01, rival: '', rivalRate: 0.03,
  regularization: 'none', strength: 0.001, batch: 10, epochs: 1000, seed: 1,
}

const numbers = (text, separator) => (text === '' ? [] : text.split(separator).map(number))

// decode returns the settings of an address. What should be a number and is none is left as at the start.
export function decode(address) {
  const s = { ...start }
  for (const [key, value] of Object.entries(address)) {
    if (!Object.hasOwn(start, key)) continue
    if (key === 'layers') {
      const layers = numbers(value, '-')
      if (layers.every(Number.isFinite)) s.layers = layers
    } else if (key === 'own') {
      s.own = value.split('_').map((p) => numbers(p, ',')).filter((p) => p.length === 3 && p.every(Number.isFinite))
    } else if (typeof start[key] !== 'number') s[key] = value
    else if (Number.isFinite(number(value))) s[key] = number(value)
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
