// The sheet to draw on, with a pointer or the keyboard.
import { h } from './dom.js'
import { css } from './colours.js'
import { context } from './charts.js'
import { grey, picture } from './pixels.js'
import { changed, clear, drawing, onDrawing, showTest, undo } from './drawing.js'

const images = 1000 // number of test images
let sheets = 0 // number of sheets in the page

// sheet returns {element, show}; show(pixels) shows a test image in place of strokes. Without tests there are no test images.
export function sheet(tests = true) {
  const keys = `sheet-keys-${++sheets}`
  const canvas = h('canvas', {
    class: 'sheet', tabindex: '0', role: 'application', 'aria-label': 'Sheet to draw a digit on', 'aria-describedby': keys,
  })
  const image = picture('The test image')
  image.classList.add('over')
  let stroke = null // that is being drawn
  let finger = null // the pointer that draws it
  const cursor = { x: 0.5, y: 0.3, on: false } // of the keyboard

  function begin(p) {
    drawing.test = null
    stroke = [p]
    drawing.strokes.push(stroke)
    changed()
  }

  // extend draws on, in a new stroke if the one under way was taken back.
  function extend(...points) {
    if (!drawing.strokes.includes(stroke)) {
      drawing.test = null
      stroke = []
      drawing.strokes.push(stroke)
    }
    stroke.push(...points)
    changed()
  }

  function place(e) {
    const r = canvas.getBoundingClientRect()
    return { x: (e.clientX - r.left) / r.width, y: (e.clientY - r.top) / r.height }
  }
  canvas.addEventListener('pointerdown', (e) => {
    if (e.button !== 0 || finger !== null) return
    finger = e.pointerId
    e.preventDefault()
    canvas.focus({ preventScroll: true })
    canvas.setPointerCapture(e.pointerId)
    cursor.on = false
    begin(place(e))
  })
  canvas.addEventListener('pointermove', (e) => {
    if (!stroke || e.pointerId !== finger) return
    extend(...(e.getCoalescedEvents?.().length ? e.getCoalescedEvents() : [e]).map(place))
  })
  for (const end of ['pointerup', 'pointercancel']) canvas.addEventListener(end, (e) => { if (e.pointerId === finger) stroke = finger = null })

  canvas.addEventListener('keydown', (e) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key]
    if (move) {
      const step = e.shiftKey ? 0.02 : 0.06
      cursor.x = Math.min(1, Math.max(0, cursor.x + move[0] * step))
      cursor.y = Math.min(1, Math.max(0, cursor.y + move[1] * step))
      if (cursor.on) extend({ x: cursor.x, y: cursor.y })
    } else if (e.key === ' ') {
      if (finger !== null) return
      cursor.on = !cursor.on
      if (cursor.on) begin({ x: cursor.x, y: cursor.y })
      else stroke = null
    } else if (e.key === 'Backspace') undo()
    else if (e.key === 'Delete') clear()
    else return
    e.preventDefault()
    paint()
  })
  canvas.addEventListener('focus', paint)
  canvas.addEventListener('blur', () => { cursor.on = false; stroke = null; paint() })

  function paint() {
    const { c, w, h: height } = context(canvas)
    image.hidden = !tests || drawing.test === null
    c.strokeStyle = css('--ink')
    c.lineCap = c.lineJoin = 'round'
    c.lineWidth = w / 12
    for (const s of drawing.strokes) {
      c.beginPath()
      c.moveTo(s[0].x * w, s[0].y * height)
      for (const p of s) c.lineTo(p.x * w, p.y * height)
      c.stroke()
    }
    if (document.activeElement === canvas && canvas.matches(':focus-visible')) { // the pen of the keyboard
      c.strokeStyle = css('--accent')
      c.lineWidth = cursor.on ? 4 : 2
      c.beginPath()
      c.arc(cursor.x * w, cursor.y * height, w / 20, 0, 2 * Math.PI)
      c.stroke()
    }
  }
  onDrawing(paint)
  new ResizeObserver(paint).observe(canvas)

  const element = h('div', { class: 'pad' },
    h('div', { class: 'paper' }, canvas, image),
    h('div', { class: 'row' },
      h('button', { type: 'button', name: 'clear', onclick: clear }, 'Clear'),
      h('button', { type: 'button', name: 'undo', onclick: undo }, 'Undo'),
      tests ? h('button', { type: 'button', name: 'test', onclick: () => showTest(Math.floor(Math.random() * images)) }, 'Test image') : undefined),
    h('p', { class: 'dim', id: keys }, 'By keyboard: arrows move the pen, Space sets it down or lifts it, Backspace takes back a stroke.'))
  paint()
  return { element, show: (pixels) => { if (drawing.test !== null) grey(image, pixels); paint() } }
}
