// What the pane Plane draws: the decision with the points, the network with every neuron's map, curves and histogram.
import { h } from './dom.js'
import { signed, image, css, dark } from './colours.js'
import { lines, bars, short } from './charts.js'
import { drawNetwork } from './plane-network.js'
import { drawDecision, fromPixel } from './plane-decision.js'

export class PlaneView {
  constructor({ onPoint }) {
    this.onPoint = onPoint
    this.table = signed()
    this.status = h('p', { class: 'figure status' })
    this.decisions = [0, 1].map((i) => h('canvas', {
      class: 'decision', role: 'img', tabindex: '0', 'aria-label': 'The decision in the plane',
      onclick: (e) => this.click(e, i), onkeydown: (e) => this.key(e), onfocus: () => this.redraw(), onblur: () => this.redraw(),
    }))
    this.networks = [0, 1].map(() => h('canvas', { class: 'network', role: 'img', 'aria-label': 'The neurons of the network' }))
    this.curves = h('canvas', { class: 'chart', role: 'img', 'aria-label': 'Loss by epoch' })
    this.histograms = [0, 1].map(() => h('canvas', { class: 'chart', role: 'img', 'aria-label': 'Histogram of the weights' }))
    this.titles = [0, 1].map(() => h('h2'))
    this.legend = h('p', { class: 'legend' })
    this.rivals = [this.titles[1], this.decisions[1], this.networks[1], this.histograms[1]]
    this.element = h('div', { class: 'views' },
      ...[0, 1].map((i) => h('div', { class: 'racer' }, this.titles[i], this.decisions[i],
        h('h3', {}, 'Neurons'), this.networks[i], h('h3', {}, 'Weights'), this.histograms[i])),
      h('div', { class: 'wide' }, h('h2', {}, 'Loss'), this.legend, this.curves))
    this.cursor = [0, 0]
    this.pointClass = 0
    dark.addEventListener('change', () => { this.table = signed(); this.redraw() })
    new ResizeObserver(() => this.redraw()).observe(this.element)
  }

  // clickControls returns the choice of the class that a click adds, and the button that removes all added points.
  clickControls(clear) {
    const radio = (c, text) => h('label', { class: 'check' },
      h('input', { type: 'radio', name: 'class', value: c, checked: c === 0, onchange: () => { this.pointClass = c } }), h('span', { class: `point class${c}` }, text))
    return h('fieldset', {}, h('legend', {}, 'A click into the plane adds'), radio(0, 'blue'), radio(1, 'orange'),
      h('button', { type: 'button', name: 'clear', onclick: clear }, 'Remove mine'),
      h('p', { class: 'dim' }, 'With the keyboard: arrows move the cross, Enter adds a point. Every fifth point is for validation.'))
  }

  click(e, i) {
    this.onPoint(...fromPixel(this.decisions[i], this.extent, e.offsetX, e.offsetY), this.pointClass)
  }

  key(e) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key]
    if (step) {
      this.cursor = this.cursor.map((v, k) => Math.min(this.extent, Math.max(-this.extent, +(v + 0.05 * step[k]).toFixed(2))))
      this.redraw()
    } else if (e.key === 'Enter' || e.key === ' ') this.onPoint(...this.cursor, this.pointClass)
    else return
    e.preventDefault()
  }

  // reset takes new settings and points.
  reset(settings, { extent, side, mapSide }, { train, valid }) {
    Object.assign(this, { settings, extent, side, mapSide, train, valid })
    const race = settings.rival !== ''
    this.element.classList.toggle('race', race)
    this.element.children[1].hidden = !race
    this.titles[0].textContent = race ? `${settings.optimizer}, rate ${settings.rate}` : 'Decision'
    this.titles[1].textContent = `${settings.rival}, rate ${settings.rivalRate}`
  }

  draw(value, arrays) {
    this.last = { value, arrays }
    this.redraw()
  }

  redraw() {
    if (!this.last) return
    const { value, arrays } = this.last
    const colours = [css('--accent'), css('--second')]
    const series = []
    if (value.racers.length === 0) this.decisions.forEach((c) => drawDecision(c, this, null))
    value.racers.forEach((r, i) => {
      const a = (name) => arrays[`${'ab'[i]}/${name}`]
      const picture = image(a('decision'), this.side, this.side, this.table, -0.5, 1.5) // pale, under the points
      drawDecision(this.decisions[i], this, picture)
      const maps = this.settings.layers.map((_, l) => a(`maps${l}`))
      const weights = [...maps, 0].map((_, l) => a(`weights${l}`))
      drawNetwork(this.networks[i], { maps, weights, side: this.mapSide, units: this.settings.layers, table: this.table, output: picture })
      bars(this.histograms[i], a('histogram'), -r.widest, r.widest, colours[i])
      series.push({ values: a('train'), colour: colours[i] }, { values: a('valid'), colour: colours[i], dash: [2, 4] })
    })
    lines(this.curves, series, `epoch ${value.racers[0]?.epoch ?? 0}`)
    this.label(value)
  }

  // label says in words what the pictures show.
  label(value) {
    const [r] = value.racers
    if (!r) {
      this.status.textContent = 'Click into the plane to add points.'
      return
    }
    this.status.textContent = `epoch ${r.epoch}, step ${r.step}` + (value.rate ? `, ${Math.round(value.rate)} steps/s` : '')
    const names = value.racers.length > 1 ? [this.settings.optimizer, this.settings.rival] : ['']
    const text = value.racers.map((r, i) => `${names[i]} training ${short(r.loss)}, validation ${short(r.valid)}, ${Math.round(100 * r.accuracy)}% correct`.trim())
    this.legend.replaceChildren(...text.map((t, i) => h('span', { class: `key key${i}` }, t)), h('span', { class: 'dim' }, 'line: training, dots: validation'))
    this.curves.setAttribute('aria-label', `Loss by epoch. ${text.join('. ')}`)
    value.racers.forEach((r, i) => {
      this.decisions[i].setAttribute('aria-label', `The decision in the plane: ${Math.round(100 * r.accuracy)}% of the validation points are correct. Click to add a point.`)
      this.histograms[i].setAttribute('aria-label', `Histogram of the weights, from ${short(-r.widest)} to ${short(r.widest)}`)
    })
  }
}
