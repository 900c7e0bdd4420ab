// The plane: the network's decision as colours, and the points.
import { context } from './charts.js'
import { css } from './colours.js'

const colours = { 0: '#0072b2', 1: '#e69f00' }

// fromPixel returns the coordinates of a pixel of the canvas, with two digits.
export function fromPixel(canvas, extent, x, y) {
  const at = (v, size) => +((2 * v / size - 1) * extent).toFixed(2)
  return [at(x, canvas.clientWidth), -at(y, canvas.clientHeight)]
}

// drawDecision draws the picture, an ImageData or null, under the points of view. Points for validation are squares.
export function drawDecision(canvas, view, picture) {
  const { c, w, h } = context(canvas)
  if (w === 0) return
  if (picture) {
    c.imageSmoothingEnabled = true
    c.drawImage(bitmap(picture), 0, 0, w, h)
  }
  const at = (x, y) => [(x / view.extent + 1) / 2 * w, (1 - y / view.extent) / 2 * h]
  const radius = Math.max(2.5, w / 110)
  c.lineWidth = 1
  c.strokeStyle = css('--ground')
  for (const [points, square] of [[view.valid, true], [view.train, false]]) {
    for (let i = 0; i < points.length; i += 3) {
      const [x, y] = at(points[i], points[i + 1])
      c.fillStyle = colours[points[i + 2]]
      c.beginPath()
      if (square) c.rect(x - radius * 0.8, y - radius * 0.8, 1.6 * radius, 1.6 * radius)
      else c.arc(x, y, radius, 0, 2 * Math.PI)
      c.fill()
      c.stroke()
    }
  }
  if (document.activeElement === canvas && canvas.matches(':focus-visible')) {
    const [x, y] = at(...view.cursor)
    c.strokeStyle = css('--ink')
    c.lineWidth = 2
    c.beginPath()
    c.moveTo(x - 8, y); c.lineTo(x + 8, y); c.moveTo(x, y - 8); c.lineTo(x, y + 8)
    c.stroke()
  }
}

// bitmap returns a canvas with the pixels of an ImageData, one canvas for each size.
const bitmaps = new Map()
export function bitmap(picture) {
  let b = bitmaps.get(picture.width)
  if (!b) {
    b = document.createElement('canvas')
    b.width = picture.width
    b.height = picture.height
    bitmaps.set(picture.width, b)
  }
  b.getContext('2d').putImageData(picture, 0, 0)
  return b
}
