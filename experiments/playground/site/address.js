// The state of the page in its address: #plane?units=8-8&data=spiral. Another page with the same address shows the same.
export function read() {
  const [name, query] = location.hash.slice(1).split('?')
  return { name, settings: Object.fromEntries(new URLSearchParams(query)) }
}

// number returns the number that a text of the address is, NaN if it is none.
export function number(text) { return text.trim() === '' ? NaN : Number(text) }

// write replaces the address, without a new entry in the history.
export function write(name, settings) {
  const query = new URLSearchParams(settings).toString()
  history.replaceState(null, '', `#${name}${query && '?' + query}`)
}
