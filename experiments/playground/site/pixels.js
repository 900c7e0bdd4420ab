// Small images on a canvas, each pixel a square.
import { css, image, signed } from './colours.js'

// picture makes a labelled canvas of side·side pixels.
export function picture(label, side = 28) {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = side
  canvas.className = 'pixels'
  canvas.setAttribute('role', 'img')
  canvas.setAttribute('aria-label', label)
  return canvas
}

// grey draws values from 0 to 1, from the colour of paper to that of ink.
export function grey(canvas, values, side = 28) {
  fit(canvas, side, side)
  canvas.getContext('2d').putImageData(image(values, side, side, greys(), 0, 1), 0, 0)
}

// glow draws an image with what decided on top, in orange.
export function glow(canvas, values, saliency, side = 28) {
  fit(canvas, side, side)
  const data = image(values, side, side, greys(), 0, 1)
  for (let i = 0; i < values.length; i++) {
    const part = saliency[i]
    ;[230, 120, 0].forEach((v, k) => { data.data[4 * i + k] += (v - data.data[4 * i + k]) * part })
  }
  canvas.getContext('2d').putImageData(data, 0, 0)
}

// signedImages draws many images of numbers with a sign, in rows of columns, each by its own largest number.
export function signedImages(canvas, values, count, side, columns) {
  const rows = Math.ceil(count / columns)
  const step = side + 1
  fit(canvas, columns * step - 1, rows * step - 1)
  const c = canvas.getContext('2d')
  c.clearRect(0, 0, canvas.width, canvas.height)
  const table = signed()
  for (let i = 0; i < count; i++) {
    const one = values.subarray(i * side * side, (i + 1) * side * side)
    const most = one.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-9)
    c.putImageData(image(one, side, side, table, -most, most), (i % columns) * step, Math.floor(i / columns) * step)
  }
}

function fit(canvas, w, h) {
  if (canvas.width !== w) canvas.width = w
  if (canvas.height !== h) canvas.height = h
}

// greys returns the colours from paper to ink as a table for image.
export function greys() {
  const [low, high] = [rgb(css('--ground')), rgb(css('--ink'))]
  const table = new Uint32Array(256)
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = low.map((v, k) => Math.round(v + (high[k] - v) * i / 255))
    table[i] = (255 << 24) | (b << 16) | (g << 8) | r
  }
  return table
}

function rgb(hex) { return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) }
