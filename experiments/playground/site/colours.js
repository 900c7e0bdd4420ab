// Colours that people with any kind of colour blindness can tell apart: blue and orange (Okabe and Ito, 2008), and a scale from
// blue over a neutral colour to orange for numbers with a sign.
export const dark = matchMedia('(prefers-color-scheme: dark)')

export const classes = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#999999']

// The ends and the middle of the scale.
const scales = {
  light: [[0, 100, 170], [247, 247, 247], [230, 140, 0]],
  dark: [[70, 160, 230], [28, 32, 38], [240, 160, 30]],
}

// signed returns the scale as 256 colours in a Uint32Array, for the pixels of a canvas; -1 is its first and 1 its last one.
export function signed() {
  const [low, middle, high] = scales[dark.matches ? 'dark' : 'light']
  const table = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    const v = (i - 127.5) / 127.5
    const end = v < 0 ? low : high
    const mix = middle.map((m, k) => Math.round(m + (end[k] - m) * Math.abs(v)))
    table[i] = (255 << 24) | (mix[2] << 16) | (mix[1] << 8) | mix[0]
  }
  return table
}

// image returns an ImageData of numbers from lo to hi by a table of 256 colours.
export function image(values, width, height, table, lo = -1, hi = 1) {
  const data = new ImageData(width, height)
  const pixels = new Uint32Array(data.data.buffer)
  for (let i = 0; i < pixels.length; i++) {
    const at = Math.round((values[i] - lo) / (hi - lo) * 255)
    pixels[i] = table[at < 0 ? 0 : at > 255 ? 255 : at || 0]
  }
  return data
}

// css returns a colour of the style sheet, such as --ink.
export function css(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim() }
