// The drawing of a graph: the values above, from left to right, and the derivative below, from right to left.
import { h, svg } from './dom.js'
import { written } from './graph.js'

const [width, height, gapX, gapY] = [104, 44, 28, 14]

export class GraphView {
  constructor(onSelect) {
    this.onSelect = onSelect
    this.element = h('div', { class: 'drawing', role: 'group', 'aria-label': 'The graph: values above, derivatives below', tabindex: '0' })
    this.nodes = []
  }

  // set draws new steps.
  set(steps) {
    this.steps = steps
    const at = place(steps)
    const columns = 1 + Math.max(...at.map((p) => p.x))
    const rows = 1 + Math.max(...at.map((p) => p.y))
    const size = { w: columns * (width + gapX), h: rows * (height + gapY) + 8 }
    const px = (id) => at[id].x * (width + gapX) + gapX / 2
    const py = (id) => at[id].y * (height + gapY) + gapY / 2
    const marker = svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' },
      svg('path', { d: 'M0 0L8 4L0 8z', class: 'head' }))
    this.edges = steps.flatMap((s) => s.operands.map((o) => {
      const e = svg('path', { class: `edge${s.backward && !steps[o].backward ? ' across' : ''}`, d: edge(px(o), py(o), px(s.id), py(s.id), s.backward !== steps[o].backward), 'marker-end': 'url(#arrow)' })
      e.to = s.id
      return e
    }))
    this.nodes = steps.map((s) => {
      const text = s.op === '' ? s.label : s.label || s.op
      const value = written(s)
      const sub = s.op === '' || !s.label ? value : `${s.op}: ${value}`
      const g = svg('g', {
        class: `node ${s.op === '' ? 'variable' : s.backward ? 'backward' : 'forward'}`, role: 'button', tabindex: '0', 'data-id': s.id,
        transform: `translate(${px(s.id)} ${py(s.id)})`, 'aria-label': `node ${s.id}, ${text}`,
        onclick: () => this.onSelect(s.id),
        onkeydown: (e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); this.onSelect(s.id) } },
      },
      svg('rect', { width, height, rx: s.op === '' ? 22 : 6 }),
      svg('text', { x: width / 2, y: 18, class: 'name' }, cut(text, 14)),
      svg('text', { x: width / 2, y: 35, class: 'value' }, cut(sub, 16)))
      return g
    })
    this.element.parentElement.classList.toggle('long', size.w > 830)
    this.element.replaceChildren(svg('svg', { style: `max-width: ${size.w}px; min-width: ${Math.round(0.9 * size.w)}px`, viewBox: `0 0 ${size.w} ${size.h}` },
      svg('defs', {}, marker), ...this.edges, ...this.nodes))
  }

  // show dims the nodes that are not computed yet, and marks the current step.
  show(current, done) {
    this.nodes.forEach((n, id) => {
      const known = this.steps[id].op === '' || done.has(id)
      n.classList.toggle('unknown', !known)
      n.classList.toggle('current', id === current)
    })
    this.edges.forEach((e) => e.classList.toggle('unknown', !done.has(e.to)))
    const n = this.nodes[current]
    if (n) {
      const box = this.element.getBoundingClientRect()
      const own = n.getBoundingClientRect()
      if (own.left < box.left || own.right > box.right) this.element.scrollLeft += own.left - box.left - box.width / 2
    }
  }

  select(id) {
    this.nodes.forEach((n, i) => n.setAttribute('aria-pressed', String(i === id)))
  }
}

const cut = (text, n) => (text.length > n ? text.slice(0, n - 1) + '…' : text)

// edge is a curve from one box to another one, which leaves and enters at the nearer sides; across goes from the upper half of the
// drawing to the lower one.
function edge(x0, y0, x1, y1, across) {
  const right = x1 > x0
  const level = across || Math.abs(x1 - x0) < width
  const down = y1 > y0
  const [a, b] = level ? [x0 + width / 2, x1 + width / 2] : right ? [x0 + width, x1] : [x0, x1 + width]
  const [c, d] = level ? (down ? [y0 + height, y1] : [y0, y1 + height]) : [y0 + height / 2, y1 + height / 2]
  const bend = level ? 0 : (b - a) / 2
  const drop = level ? (d - c) / 2 : 0
  return `M${a} ${c}C${a + bend} ${c + drop} ${b - bend} ${d - drop} ${b} ${d}`
}

// place returns the column and the row of each step.
function place(steps) {
  const x = columns(steps)
  const taken = {}
  const at = []
  for (const s of steps) {
    const column = (taken[`${s.backward} ${x[s.id]}`] ??= [])
    const near = s.operands.filter((o) => steps[o].backward === s.backward).map((o) => at[o].y)
    let y = near.length ? Math.floor(near.reduce((a, b) => a + b) / near.length) : 0
    while (column.includes(y)) y++
    column.push(y)
    at[s.id] = { x: x[s.id], y }
  }
  const deep = 1 + Math.max(...steps.filter((s) => !s.backward).map((s) => at[s.id].y))
  for (const s of steps) if (s.backward) at[s.id].y += deep + 0.4
  return at
}

// columns returns the column of each step: a value is to the right of its operands, a variable is beside the first operation on it,
// and a derivative is below the value that it belongs to.
function columns(steps) {
  const x = []
  for (const s of steps) x.push(Math.max(0, ...s.operands.map((o) => x[o] + 1)))
  const forward = steps.filter((s) => !s.backward)
  for (const s of forward) {
    const users = forward.filter((u) => u.operands.includes(s.id)).map((u) => x[u.id] - 1)
    if (s.operands.length === 0 && users.length) x[s.id] = Math.min(...users)
  }
  const last = Math.max(...forward.map((s) => x[s.id]))
  const backward = steps.filter((s) => s.backward)
  for (const s of [...backward].reverse()) {
    const owners = forward.filter((f) => f.gradient === s.id).map((f) => x[f.id])
    const users = backward.filter((u) => u.operands.includes(s.id)).map((u) => x[u.id] + 1)
    x[s.id] = owners.length ? Math.max(...owners) : Math.min(last, Math.max(0, ...users))
  }
  return x
}
