// The pane that removes noise: see the package denoise of the worker.
import { h, slider } from './dom.js'
import { file } from './files.js'
import { grey, picture } from './pixels.js'
import { drawing, latest, message, onDrawing, points } from './drawing.js'
import { sheet } from './sheet.js'
import { training } from './training.js'

export const name = 'denoise'
export const title = 'Denoise'

export function create(root, page) {
  let loaded = false
  let visible = false
  let own = false
  let amount = 0.5
  let noise = 1
  const paper = sheet()
  const views = ['image', 'noisy', 'clean'].map((key) => {
    const canvas = picture({ image: 'Your digit', noisy: 'Your digit with noise', clean: 'The network’s picture' }[key])
    const caption = h('figcaption', { class: 'figure', 'data-view': key })
    return { key, canvas, caption, element: h('figure', {}, canvas, caption) }
  })
  const gain = h('p', { class: 'verdict figure', role: 'status' }, 'Draw a digit')
  const by = (value, text) => h('label', { class: 'check' },
    h('input', { type: 'radio', name: 'by-denoiser', value, checked: value === 'ready', onchange: () => { own = value === 'own'; clean() } }), h('span', {}, text))

  const clean = latest(async () => {
    if (!loaded || !visible) return
    const op = drawing.test === null ? 'clean' : 'test'
    const asked = `${points()} ${amount} ${noise} ${own}`
    const { value, arrays } = await page.ask(op, { ...message(), own, amount, noise })
    for (const v of views) grey(v.canvas, arrays[v.key])
    paper.show(arrays.image)
    const db = (v) => (v >= 99 ? 'no difference' : `${v.toFixed(1)} dB`)
    views[0].caption.textContent = 'drawn'
    views[1].caption.textContent = `noise: ${db(value.noisy)}`
    views[2].caption.textContent = `network: ${db(value.clean)}`
    const empty = drawing.test === null && drawing.strokes.length === 0
    const more = value.clean - value.noisy
    gain.textContent = empty ? 'Draw a digit' : `The network’s picture is ${Math.abs(more).toFixed(1)} dB ${more >= 0 ? 'better' : 'worse'} than the noisy one`
    Object.assign(gain.dataset, { gain: more, asked })
  })
  onDrawing(clean)

  const net = training(page, {
    networks: [['dense', 'dense, 784-64-784'], ['conv', 'convolutions']],
    start: { network: 'dense', rate: 0.002, batch: 32, seed: 1 },
    onTrain() { own = true; root.querySelector('input[value=own]').checked = true; clean() },
    score: (v) => `${v.score >= 0 ? '+' : ''}${v.score.toFixed(2)} dB at 50% noise`,
    onState(value) { if (own && value.running) clean() },
  })
  root.classList.add('digits')
  root.append(
    h('div', { class: 'digits-top' },
      paper.element,
      h('section', { class: 'wide', 'aria-label': 'Noise and what the network makes of it' },
        gain,
        h('div', { class: 'three' }, ...views.map((v) => v.element)),
        slider('Noise: pixels replaced', 'amount', { min: 0, max: 1, step: 0.01, value: amount, show: (v) => `${Math.round(100 * v)}%` }, (v) => { amount = v; clean() }),
        h('div', { class: 'row' },
          h('button', { type: 'button', name: 'noise', onclick: () => { noise++; clean() } }, 'Other noise')),
        h('fieldset', {}, h('legend', {}, 'Network'), by('ready', 'trained before on all of MNIST'), by('own', 'trained here')))),
    net.heading,
    net.buttons,
    h('div', { class: 'columns' },
      h('section', { class: 'controls', 'aria-label': 'Settings' }, ...net.controls),
      h('section', {}, h('h3', {}, 'Loss'), net.chart)),
    net.source)

  async function load(settings) {
    const [digits, weights] = await Promise.all([file('digits.gz'), file('denoiser.safetensors')])
    net.show(await page.ask('load', { digits, weights }))
    loaded = true
    if (settings) await net.change(settings)
    clean()
  }

  return {
    show(address) {
      visible = true
      net.appear()
      const settings = net.settings(address)
      if (!loaded) load(settings).catch((e) => { gain.textContent = e.message })
      else {
        if (settings) net.change(settings)
        clean()
      }
    },
    hide() { visible = false; net.hide() },
  }
}
