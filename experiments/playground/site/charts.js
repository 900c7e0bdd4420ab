// Charts on a canvas, sharp on any screen. Their text is for the eyes; the canvas has a label that says the same.
import { css } from './colours.js'

// context returns a canvas's context and its size in CSS pixels, for the screen's resolution.
export function context(canvas) {
  const { clientWidth: w, clientHeight: h } = canvas
  const r = devicePixelRatio || 1
  if (canvas.width !== Math.round(w * r) || canvas.height !== Math.round(h * r)) {
    canvas.width = Math.round(w * r)
    canvas.height = Math.round(h * r)
  }
  const c = canvas.getContext('2d')
  c.setTransform(r, 0, 0, r, 0, 0)
  c.clearRect(0, 0, w, h)
  c.font = '12px system-ui, sans-serif'
  return { c, w, h }
}

// short writes a number in a few characters.
export function short(v) {
  if (!Number.isFinite(v)) return '–'
  const a = Math.abs(v)
  if (a !== 0 && (a < 1e-3 || a >= 1e5)) return v.toExponential(1)
  return String(+v.toPrecision(3))
}

// lines draws series of equally spaced values: each {values, colour, dash, name}. The least value of the axis is 0.
export function lines(canvas, series, xName) {
  const { c, w, h } = context(canvas)
  if (w === 0) return
  const all = series.flatMap((s) => Array.from(s.values)).filter(Number.isFinite)
  const top = Math.max(1e-6, ...all) * 1.05
  const [left, right, low, high] = [40, w - 8, h - 20, 8]
  const y = (v) => low - Math.min(1, Math.max(0, v / top)) * (low - high)
  c.strokeStyle = css('--line')
  c.fillStyle = css('--dim')
  c.lineWidth = 1
  c.textAlign = 'right'
  c.textBaseline = 'middle'
  for (const v of [0, top / 2.1, top / 1.05]) {
    c.beginPath(); c.moveTo(left, y(v)); c.lineTo(right, y(v)); c.stroke()
    c.fillText(short(v), left - 5, y(v))
  }
  c.textBaseline = 'bottom'
  c.fillText(xName, right, h)
  c.textAlign = 'left'
  for (const s of series) {
    c.strokeStyle = s.colour
    c.lineWidth = 2
    c.setLineDash(s.dash ?? [])
    c.beginPath()
    const n = Math.max(1, s.values.length - 1)
    s.values.forEach((v, i) => {
      if (!Number.isFinite(v)) return
      c.lineTo(left + i / n * (right - left), y(v))
    })
    c.stroke()
  }
  c.setLineDash([])
}

// bars draws a histogram: counts between lo and hi.
export function bars(canvas, counts, lo, hi, colour) {
  const { c, w, h } = context(canvas)
  if (w === 0) return
  const top = Math.max(1, ...counts)
  const low = h - 18
  const step = w / counts.length
  c.fillStyle = colour
  counts.forEach((n, i) => c.fillRect(i * step + .5, low - n / top * (low - 4), Math.max(1, step - 1), n / top * (low - 4)))
  c.strokeStyle = css('--line')
  c.beginPath(); c.moveTo(0, low + .5); c.lineTo(w, low + .5); c.stroke()
  c.fillStyle = css('--dim')
  c.textBaseline = 'bottom'
  c.textAlign = 'left'
  c.fillText(short(lo), 0, h)
  c.textAlign = 'right'
  c.fillText(short(hi), w, h)
}
