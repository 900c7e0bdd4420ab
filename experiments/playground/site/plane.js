// The pane of points in the plane: see the package plane of the worker.
import { h, choice, slider, check, labelled, code } from './dom.js'
import { PlaneView } from './plane-view.js'
import { decode, encode } from './plane-state.js'

export const name = 'plane'
export const title = 'Plane'

const optimizers = ['SGD', 'momentum', 'Nesterov', 'Adam', 'AdamW', 'RMSProp', 'Adagrad', 'Lion', 'Muon']
const rates = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]
const strengths = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]

export function create(root, page) {
  let s = decode({})
  let good = s // the last settings that the worker has taken
  let running = false
  let started = 0 // how often it was started or stopped
  let acknowledged = 0 // how often the worker knows of
  let visible = false
  let waiting = false
  let speed = 0
  const view = new PlaneView({ onPoint: addPoint })

  const run = h('button', { type: 'button', class: 'main', name: 'run', onclick: () => start(!running) }, 'Run')
  const controls = {
    data: choice('Points', 'data', [['moons', 'Moons'], ['circles', 'Circles'], ['spiral', 'Spiral'], ['xor', 'XOR'], ['gaussians', 'Gaussians'], ['own', 'Your own']], set('data')),
    noise: slider('Noise', 'noise', { min: 0, max: 0.5, step: 0.01, value: 0.05 }, later('noise')),
    layers: slider('Hidden layers', 'layers', { min: 0, max: 5, value: 2 }, (n) => {
      const last = s.layers.at(-1) ?? 8
      change({ layers: Array.from({ length: n }, (_, i) => s.layers[i] ?? last) })
    }),
    activation: choice('Activation', 'activation', ['tanh', 'ReLU', 'LeakyReLU', 'sigmoid', 'GELU', 'SiLU', 'linear'], set('activation')),
    optimizer: choice('Optimizer', 'optimizer', optimizers, set('optimizer')),
    rate: choice('Learning rate', 'rate', rates, set('rate', Number)),
    rival: choice('Race against', 'rival', [['', 'nobody'], ...optimizers], set('rival')),
    rivalRate: choice('Its learning rate', 'rivalRate', rates, set('rivalRate', Number)),
    regularization: choice('Regularization', 'regularization', ['none', 'L1', 'L2'], set('regularization')),
    strength: choice('Its strength', 'strength', strengths, set('strength', Number)),
    batch: choice('Batch size', 'batch', [1, 2, 5, 10, 20, 50, 100, 300], set('batch', Number)),
    epochs: choice('Stop after epoch', 'epochs', [10, 100, 1000, 10000, 100000], set('epochs', Number)),
  }
  const seed = h('input', { type: 'number', name: 'seed', min: 0, max: 1e9, value: 1, onchange: () => change({ seed: Math.max(0, Math.floor(+seed.value || 0)) }) })
  const pace = choice('Steps a second', 'speed', [['0', 'no limit'], ['1', '1'], ['5', '5'], ['30', '30'], ['300', '300']], (v) => {
    speed = +v
    if (running) start(true)
  })
  const units = h('div', { class: 'units', role: 'group', 'aria-label': 'Units of the hidden layers' })
  const source = code('The Go code of this network')
  root.classList.add('plane')
  root.append(
    h('div', { class: 'row buttons', role: 'group', 'aria-label': 'Training' },
      run,
      h('button', { type: 'button', name: 'step', onclick: () => step(false) }, 'Step'),
      h('button', { type: 'button', name: 'epoch', onclick: () => step(true) }, 'Epoch'),
      h('button', { type: 'button', name: 'reset', onclick: () => { start(false); apply() } }, 'Reset'),
      view.status),
    h('div', { class: 'columns' },
      h('section', { class: 'controls', 'aria-label': 'Settings' },
        h('h2', {}, 'Points'), controls.data, controls.noise, labelled('Seed', seed),
        view.clickControls(() => change({ own: [] }, { data: 'own' })),
        h('h2', {}, 'Network'), controls.layers, units, controls.activation,
        h('h2', {}, 'Training'), controls.optimizer, controls.rate, controls.rival, controls.rivalRate,
        controls.regularization, controls.strength, controls.batch, controls.epochs, pace),
      view.element),
    source)

  // set returns the listener of a control; later waits until a slider rests.
  function set(key, convert = (v) => v) { return (v) => change({ [key]: convert(v) }) }
  function later(key) {
    let timer
    return (v) => { clearTimeout(timer); timer = setTimeout(() => change({ [key]: v }), 150) }
  }

  function change(part) {
    s = { ...s, ...part }
    apply()
  }

  function addPoint(x, y, c) {
    change({ own: [...s.own, [x, y, c]] })
  }

  // apply makes new networks with the settings, or goes back to those before if the worker refuses them.
  async function apply() {
    page.address(encode(s))
    showSettings()
    const asked = s
    let value, arrays
    try {
      ({ value, arrays } = await page.ask('set', asked))
    } catch {
      if (s === asked && s !== good) {
        s = good
        apply()
      }
      return
    }
    good = asked
    source.set(value.code)
    view.reset(s, value, arrays)
    await frame()
  }

  function showSettings() {
    for (const [key, field] of Object.entries(controls)) {
      field.querySelector('select, input').set(key === 'layers' ? s.layers.length : s[key])
    }
    seed.value = s.seed
    controls.rivalRate.hidden = !s.rival
    controls.strength.hidden = s.regularization === 'none'
    controls.noise.hidden = s.data === 'own'
    if (units.children.length !== s.layers.length) {
      units.replaceChildren(...s.layers.map((_, i) => {
        const input = h('input', {
          type: 'number', name: `units${i + 1}`, min: 1, max: 16, 'aria-label': `Units of layer ${i + 1}`,
          onchange: () => {
            const n = Math.min(16, Math.max(1, Math.floor(+input.value || 1)))
            change({ layers: s.layers.map((u, j) => (j === i ? n : u)) })
          },
        })
        return input
      }))
    }
    s.layers.forEach((u, i) => { units.children[i].value = u })
  }

  async function start(on) {
    running = on
    const n = ++started
    showRunning()
    await page.ask('run', { on, speed })
    acknowledged = n
    if (on) loop()
  }

  function showRunning() {
    run.textContent = running ? 'Pause' : 'Run'
    run.setAttribute('aria-pressed', String(running))
  }

  async function step(epoch) {
    if (running) await start(false)
    await page.ask('step', { epoch })
    await frame()
  }

  // loop asks for a frame ten times a second, and draws it when the browser draws.
  function loop() {
    if (!running || !visible || waiting) return
    waiting = true
    setTimeout(async () => {
      try {
        await frame()
      } finally {
        waiting = false
      }
      requestAnimationFrame(loop)
    }, 100)
  }

  async function frame() {
    const n = started
    const known = acknowledged === n // else the worker may not yet have started or stopped when it answers
    const { value, arrays } = await page.ask('frame')
    if (!visible) return
    if (known && n === started && running && !value.running) { running = false; showRunning() }
    page.hash(value.racers[0]?.hash ?? '–')
    view.draw(value, arrays)
  }

  return {
    show(settings) {
      visible = true
      const wanted = decode(settings)
      if (Object.keys(settings).length > 0 || !source.textContent.includes('package main')) {
        s = wanted
        apply()
      } else {
        page.address(encode(s))
        frame()
      }
    },
    hide() {
      visible = false
      if (running) start(false)
    },
  }
}
