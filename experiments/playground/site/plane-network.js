// The network: a column for each layer, a map for each neuron, which shows the plane as the neuron sees it, and a line for each
// weight, blue where it is negative and orange where it is positive.
import { context } from './charts.js'
import { css, image } from './colours.js'
import { bitmap } from './plane-decision.js'

export function drawNetwork(canvas, { maps, weights, side, units, table, output }) {
  const { c, w, h } = context(canvas)
  if (w === 0) return
  const columns = [2, ...units, 1]
  const most = Math.max(...columns)
  const size = Math.max(6, Math.min(44, w / (columns.length * 1.6), h / (most * 1.1)))
  const x = (l) => size / 2 + l * (w - size) / (columns.length - 1)
  const y = (l, i) => h / 2 + (i - (columns[l] - 1) / 2) * Math.min(h / most, size * 1.6)
  lines(c, weights, columns, x, y, size)
  const ink = css('--ink')
  c.fillStyle = ink
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.strokeStyle = css('--dim')
  c.lineWidth = 1
  const frame = (px, py) => c.strokeRect(px - size / 2, py - size / 2, size, size)
  for (const [i, name] of ['x', 'y'].entries()) {
    c.fillStyle = css('--ground')
    c.fillRect(x(0) - size / 2, y(0, i) - size / 2, size, size)
    c.fillStyle = ink
    c.fillText(name, x(0), y(0, i))
    frame(x(0), y(0, i))
  }
  maps.forEach((map, l) => {
    const area = side * side
    for (let i = 0; i < units[l]; i++) {
      const values = map.subarray(i * area, (i + 1) * area)
      const top = Math.max(1, ...values)
      const px = x(l + 1)
      const py = y(l + 1, i)
      c.drawImage(bitmap(image(values, side, side, table, -top, top)), px - size / 2, py - size / 2, size, size)
      frame(px, py)
    }
  })
  const last = columns.length - 1
  c.drawImage(bitmap(output), x(last) - size / 2, y(last, 0) - size / 2, size, size)
  frame(x(last), y(last, 0))
}

// lines draws the weights. The last layer has two outputs, whose difference decides.
function lines(c, weights, columns, x, y, size) {
  weights.forEach((matrix, l) => {
    const rows = columns[l]
    const width = matrix.length / rows
    const last = l === weights.length - 1
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns[l + 1]; j++) {
        const v = last ? matrix[i * width + 1] - matrix[i * width] : matrix[i * width + j]
        c.strokeStyle = v < 0 ? '#0072b2' : '#e69f00'
        c.globalAlpha = Math.min(1, 0.15 + Math.abs(v) / 2)
        c.lineWidth = Math.min(4, Math.abs(v) * 1.5)
        if (c.lineWidth < 0.1) continue
        c.beginPath()
        const [x0, x1] = [x(l) + size / 2, x(l + 1) - size / 2]
        c.moveTo(x0, y(l, i))
        c.bezierCurveTo((x0 + x1) / 2, y(l, i), (x0 + x1) / 2, y(l + 1, j), x1, y(l + 1, j))
        c.stroke()
      }
    }
  })
  c.globalAlpha = 1
}
