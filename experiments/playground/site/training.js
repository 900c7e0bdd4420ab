// The controls of a network that a pane about digits trains.
import { number } from './address.js'
import { h, choice, labelled, code } from './dom.js'
import { css, dark } from './colours.js'
import { lines } from './charts.js'

const rates = [0.0001, 0.0003, 0.0005, 0.001, 0.002, 0.005, 0.01]
const batches = [1, 8, 16, 32, 64, 128]

// training makes them. networks are pairs of a name and its text, start has the settings at the start, score says what the score means,
// onState(value, arrays) is called with each report, and onTrain when the user trains.
export function training(page, { networks, start, score, onState, onTrain }) {
  let s = { ...start }
  let running = false
  let visible = false
  let timer
  let reports = 0
  let shownCode = ''
  const run = h('button', { type: 'button', class: 'main', name: 'run', 'aria-pressed': 'false', onclick: () => toggle(!running) }, 'Train')
  const status = h('span', { class: 'status figure' })
  const controls = {
    network: choice('Network', 'network', networks, set('network', String)),
    rate: choice('Learning rate', 'rate', rates, set('rate', Number)),
    batch: choice('Batch size', 'batch', batches, set('batch', Number)),
  }
  const seed = h('input', { type: 'number', name: 'seed', min: 0, max: 1e9, value: 1, onchange: () => change({ seed: Math.max(0, Math.floor(+seed.value || 0)) }) })
  const chart = h('canvas', { class: 'chart', role: 'img', 'aria-label': 'Loss by steps' })
  const source = code('The Go code of this network')

  function set(key, convert) { return (v) => change({ [key]: convert(v) }) }

  // change begins a new network.
  async function change(part) {
    const before = s
    s = { ...s, ...part }
    try {
      show(await page.ask('set', s))
    } catch {
      s = before
      showSettings()
      if (visible) page.address(changedSettings())
    }
  }

  async function toggle(on) {
    show(await page.ask('run', { on }))
    if (on) onTrain()
  }

  // show shows a report, and asks for the next one while something changes.
  function show({ value, arrays }) {
    reports++
    running = value.running
    s = { network: value.network, rate: value.rate, batch: value.batch, seed: value.seed }
    showSettings()
    run.textContent = running ? 'Pause' : 'Train'
    run.setAttribute('aria-pressed', String(running))
    const parts = [`${value.weights.toLocaleString('en')} weights`, `step ${value.steps.toLocaleString('en')}`]
    if (value.steps > 0) parts.push(`loss ${value.loss.toFixed(4)}`)
    if (value.judged > 0) parts.push(score(value))
    if (running && value.speed > 0) parts.push(`${Math.round(value.speed).toLocaleString('en')} steps/s`)
    status.textContent = parts.join(' · ')
    if (value.code !== shownCode) source.set(shownCode = value.code) // what a user has selected in it stays
    chart.setAttribute('aria-label', `Loss by steps; now ${value.loss.toFixed(4)} after ${value.steps} steps`)
    if (visible) {
      lines(chart, [{ values: arrays.losses, colour: css('--accent') }], `step ${value.every * arrays.losses.length}`)
      page.address(changedSettings())
      page.hash(value.hash)
    }
    onState(value, arrays)
    clearTimeout(timer)
    if (visible && (running || !value.measured)) timer = setTimeout(report, 200)
  }

  async function report() { show(await page.ask('state')) }
  dark.addEventListener('change', () => { if (visible && reports > 0) report() })

  function showSettings() {
    for (const [key, field] of Object.entries(controls)) field.querySelector('select').set(s[key])
    seed.value = s.seed
  }

  function changedSettings() {
    return Object.fromEntries(Object.entries(s).filter(([key, value]) => value !== start[key]))
  }

  return {
    heading: h('div', {},
      h('h2', {}, 'Train one here'),
      h('p', { class: 'dim source' }, 'On 4,500 images of MNIST, the database of digits by Yann LeCun and Corinna Cortes, under CC BY-SA 3.0; measured on 1,000 others.')),
    buttons: h('div', { class: 'row buttons', role: 'group', 'aria-label': 'Training' },
      run,
      h('button', { type: 'button', name: 'step', onclick: async () => { if (running) await toggle(false); show(await page.ask('step')); onTrain() } }, 'Step'),
      h('button', { type: 'button', name: 'reset', onclick: async () => { if (running) await toggle(false); change({}) } }, 'Reset'),
      status),
    controls: [controls.network, controls.rate, controls.batch, labelled('Seed', seed)],
    chart,
    source,
    show,
    change,
    settings(address) {
      const part = {}
      for (const key of Object.keys(start)) {
        const text = address[key]
        if (text === undefined) continue
        if (typeof start[key] !== 'number') part[key] = text
        else if (Number.isFinite(number(text))) part[key] = number(text)
      }
      return Object.keys(part).length > 0 ? { ...start, ...part } : undefined
    },
    appear() { visible = true; if (reports > 0) report() },
    hide() { visible = false; clearTimeout(timer); if (running) { running = false; page.ask('run', { on: false }) } },
  }
}
