// The plane of digits: see the package latent of the worker.
import { h, check, code } from './dom.js'
import { css, dark } from './colours.js'
import { context } from './charts.js'
import { file } from './files.js'
import { grey, picture } from './pixels.js'
import { drawing, latest, onDrawing } from './drawing.js'
import { sheet } from './sheet.js'

export const name = 'latent'
export const title = 'Latent'

const columns = 16 // digits of the map in a row

export function create(root, page) {
  let reach = 0 // largest coordinate of the plane; 0 before the network is loaded
  let visible = false
  let point = { x: 0, y: 0 }
  let codes, classes, map, hash
  const paper = sheet(false)
  const background = picture('Digits of the plane')
  const canvas = h('canvas', { class: 'plane-map', tabindex: '0', role: 'application', 'aria-label': 'The plane of digits: move the pointer over it, or use the arrows' })
  const digit = picture('The digit of this point')
  const drawn = picture('What you drew')
  const status = h('p', { class: 'verdict figure', role: 'status' }, 'loading …')
  const source = code('The Go code of this network')
  let showCodes = false

  const follow = latest(async () => {
    if (!reach || !visible) return
    const { value, arrays } = await page.ask('at', point)
    grey(digit, arrays.image)
    status.textContent = `(${value.x.toFixed(2)}, ${value.y.toFixed(2)}): the nearest test image is a ${value.class}`
    status.dataset.digit = value.class
    paint()
  })

  // place finds the point of what was drawn.
  const place = latest(async () => {
    if (!reach || !visible) return
    if (drawing.strokes.length > 0) {
      const { value, arrays } = await page.ask('place', { strokes: drawing.strokes })
      point = { x: value.x, y: value.y }
      grey(drawn, arrays.drawn)
    } else grey(drawn, new Float32Array(784))
    follow()
  })
  onDrawing(place)

  function move(x, y) {
    point = { x: Math.min(reach, Math.max(-reach, x)), y: Math.min(reach, Math.max(-reach, y)) }
    follow()
  }
  const pointer = (e) => {
    const r = canvas.getBoundingClientRect()
    move((2 * (e.clientX - r.left) / r.width - 1) * reach, -(2 * (e.clientY - r.top) / r.height - 1) * reach)
  }
  canvas.addEventListener('pointermove', pointer)
  canvas.addEventListener('pointerdown', pointer)
  canvas.addEventListener('keydown', (e) => {
    const to = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key]
    if (!to) return
    e.preventDefault()
    const step = reach / (e.shiftKey ? 100 : 20)
    move(point.x + to[0] * step, point.y + to[1] * step)
  })

  function paint() {
    const { c, w, h: height } = context(canvas)
    if (w === 0 || !reach) return
    c.imageSmoothingEnabled = false
    c.globalAlpha = showCodes ? 0.35 : 1
    c.drawImage(background, 0, 0, w, height)
    c.globalAlpha = 1
    const x = (v) => (v / reach + 1) / 2 * w
    const y = (v) => (1 - v / reach) / 2 * height
    if (showCodes) {
      c.font = '600 11px system-ui, sans-serif'
      c.textAlign = 'center'
      c.textBaseline = 'middle'
      c.fillStyle = css('--accent')
      classes.forEach((k, i) => c.fillText(String(k), x(codes[2 * i]), y(codes[2 * i + 1])))
    }
    c.lineWidth = 3
    for (const [colour, radius] of [[css('--ground'), 12], [css('--second'), 9]]) {
      c.strokeStyle = colour
      c.beginPath()
      c.arc(x(point.x), y(point.y), radius, 0, 2 * Math.PI)
      c.stroke()
    }
  }
  new ResizeObserver(paint).observe(canvas)
  dark.addEventListener('change', () => { if (map) grey(background, map.pixels, map.side) })

  root.classList.add('digits')
  root.append(
    status,
    h('div', { class: 'latent-top' },
      canvas,
      h('section', { 'aria-label': 'The digit under the pointer' },
        h('h3', {}, 'The network draws this point'), digit,
        check('Show where test images are', 'codes', (on) => { showCodes = on; paint() }),
        h('p', { class: 'dim' }, 'A variational auto-encoder has learned to write each image of MNIST as two numbers, and to draw it again from them. Its loss keeps the plane without holes, so that every point is a digit, or between two.')),
      h('section', { 'aria-label': 'Your digit' },
        h('h3', {}, 'Draw a digit: where is it?'), paper.element, h('h3', {}, 'What the encoder sees'), drawn)),
    source)

  async function load() {
    const { value, arrays } = await page.ask('load', { weights: await file('vae.safetensors') })
    ;({ codes, classes } = arrays)
    hash = value.hash
    source.set(value.code)
    const answer = await page.ask('map', { columns })
    map = { pixels: answer.arrays.picture, side: answer.value.side }
    grey(background, map.pixels, map.side)
    reach = value.reach
    appear()
  }

  function appear() {
    page.hash(hash)
    place()
  }

  return {
    show() {
      visible = true
      if (reach) appear()
      else load().catch((e) => { status.textContent = e.message })
    },
    hide() { visible = false },
  }
}
