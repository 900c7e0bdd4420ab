// The pane that reads a digit: see the package draw of the worker.
import { h, check } from './dom.js'
import { file } from './files.js'
import { glow, grey, picture, signedImages } from './pixels.js'
import { drawing, latest, message, onDrawing, points } from './drawing.js'
import { sheet } from './sheet.js'
import { training } from './training.js'

export const name = 'draw'
export const title = 'Draw'

export function create(root, page) {
  let loaded = false
  let visible = false
  let own = false
  let saliency = false
  const paper = sheet()
  const seen = picture('What the network sees: your digit in 28 by 28 pixels')
  const verdict = h('p', { class: 'verdict', role: 'status' }, 'Draw a digit')
  const bars = Array.from({ length: 10 }, (_, digit) => h('li', { 'data-digit': digit }, h('span', { class: 'digit' }, String(digit)),
    h('span', { class: 'bar' }, h('span')), h('span', { class: 'figure percent' }, '–')))
  const by = (value, text) => h('label', { class: 'check' },
    h('input', { type: 'radio', name: 'by', value, checked: value === 'ready', onchange: () => { own = value === 'own'; read() } }), h('span', {}, text))
  const filters = picture('Filters of the first layer')
  const legend = h('p', { class: 'dim' })

  const read = latest(async () => {
    if (!loaded || !visible) return
    const op = drawing.test === null ? 'read' : 'test'
    const drawn = points()
    const { value, arrays } = await page.ask(op, { ...message(), own, saliency })
    if (saliency) glow(seen, arrays.image, arrays.saliency)
    else grey(seen, arrays.image)
    paper.show(arrays.image)
    const nothing = value.class < 0
    const sure = Math.round(value.probabilities[Math.max(0, value.class)] * 100)
    const right = value.label < 0 ? '' : value.label === value.class ? ', which is right' : `, but it is a ${value.label}`
    const text = nothing ? 'Draw a digit' : `A ${value.class}, with ${sure}%${right}`
    if (verdict.textContent !== text) verdict.textContent = text // a screen reader reads it again otherwise
    Object.assign(verdict.dataset, { digit: value.class, points: drawn })
    bars.forEach((li, digit) => {
      const p = nothing ? 0 : value.probabilities[digit]
      li.querySelector('.bar span').style.width = `${p * 100}%`
      li.querySelector('.percent').textContent = nothing ? '–' : `${(p * 100).toFixed(p < 0.1 ? 1 : 0)}%`
      li.classList.toggle('best', digit === value.class)
    })
  })
  onDrawing(read)

  const net = training(page, {
    networks: [['conv', 'two convolutions'], ['dense', 'dense, 784-128-10']],
    start: { network: 'conv', rate: 0.002, batch: 32, seed: 1 },
    onTrain() { own = true; root.querySelector('input[value=own]').checked = true; read() },
    score: (v) => `accuracy ${(100 * v.score).toFixed(1)}%`,
    onState(value, arrays) {
      signedImages(filters, arrays.filters, value.filters, value.side, value.side < 10 ? 4 : 8)
      legend.textContent = value.side < 10
        ? `The ${value.filters} filters of the first convolution, of ${value.side}×${value.side} weights: blue is negative, orange positive.`
        : `The weights of ${value.filters} of the 128 hidden units, one for each pixel: blue is negative, orange positive.`
      if (own && value.running) read()
    },
  })
  root.classList.add('digits')
  root.append(
    h('div', { class: 'digits-top' },
      paper.element,
      h('section', { 'aria-label': 'Answer' },
        verdict,
        h('ol', { class: 'bars', 'aria-label': 'Probabilities of the digits' }, ...bars)),
      h('section', { 'aria-label': 'What the network sees' },
        h('h3', {}, 'What the network sees'), seen,
        check('What decides (saliency)', 'saliency', (on) => { saliency = on; read() }),
        h('p', { class: 'dim' }, 'Orange: the pixels by which the answer changes most, from the derivative of the answer.'),
        h('fieldset', {}, h('legend', {}, 'Network'), by('ready', 'trained before on all of MNIST'), by('own', 'trained here')))),
    net.heading,
    net.buttons,
    h('div', { class: 'columns' },
      h('section', { class: 'controls', 'aria-label': 'Settings' }, ...net.controls),
      h('div', { class: 'digits-views' },
        h('section', {}, h('h3', {}, 'Loss'), net.chart),
        h('section', {}, h('h3', {}, 'Filters while it learns'), filters, legend))),
    net.source)

  async function load(settings) {
    const [digits, weights] = await Promise.all([file('digits.gz'), file('classifier.safetensors')])
    net.show(await page.ask('load', { digits, weights }))
    loaded = true
    if (settings) await net.change(settings)
    read()
  }

  return {
    show(address) {
      visible = true
      net.appear()
      const settings = net.settings(address)
      if (!loaded) load(settings).catch((e) => { verdict.textContent = e.message })
      else {
        if (settings) net.change(settings)
        read()
      }
    },
    hide() { visible = false; net.hide() },
  }
}
