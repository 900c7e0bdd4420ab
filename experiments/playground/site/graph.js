// The pane of graphs: see the package expression of the worker.
import { h, labelled, code } from './dom.js'
import { GraphView } from './graph-view.js'

export const name = 'graph'
export const title = 'Graph'

export function create(root, page) {
  let steps = []
  let order = [] // the steps that compute something
  let position = 0 // number of steps that are done
  const view = new GraphView((id) => select(id))

  const expression = h('input', { type: 'text', name: 'expression', spellcheck: 'false', autocapitalize: 'off', onchange: () => apply() })
  const variables = h('textarea', { name: 'variables', rows: 5, spellcheck: 'false', onchange: () => apply() })
  const example = h('select', { name: 'example', onchange: () => useExample(+example.value) })
  const wrong = h('p', { class: 'wrong', role: 'alert' })
  const place = h('input', { type: 'range', name: 'position', min: 0, value: 0, 'aria-label': 'Steps that are done', oninput: () => go(+place.value) })
  const button = (text, label, f) => h('button', { type: 'button', name: label.split(' ')[0], 'aria-label': label, onclick: f }, text)
  const where = h('p', { class: 'figure status', role: 'status' })
  const detail = h('section', { class: 'detail', 'aria-label': 'The chosen node', 'aria-live': 'polite' })
  const list = h('ol', { class: 'steps' })
  const source = code('The Go code of this expression')
  let examples = []

  root.classList.add('graph')
  root.append(
    h('div', { class: 'inputs' },
      labelled('Example', example),
      labelled('Expression: + − * / ^, @ for the matrix product, and functions', expression),
      labelled('Values: a number, [1, 2] or [[1, 2], [3, 4]]', variables)),
    wrong,
    h('div', { class: 'row buttons', role: 'group', 'aria-label': 'Steps' },
      button('First', 'First step', () => go(0)),
      button('Back', 'Back one step', () => go(position - 1)),
      button('Next', 'Next step', () => go(position + 1)),
      button('Last', 'Last step', () => go(order.length)),
      where),
    place,
    h('div', { class: 'graph-columns' }, view.element, detail),
    h('details', { class: 'code' }, h('summary', {}, 'All steps as a list'), list),
    source)

  root.addEventListener('keydown', (e) => {
    if (e.target.closest('input, textarea, select')) return
    if (e.key === 'ArrowRight') go(position + 1)
    else if (e.key === 'ArrowLeft') go(position - 1)
    else return
    e.preventDefault()
  })

  function useExample(i) {
    if (!examples[i]) return
    expression.value = examples[i].expression
    variables.value = examples[i].variables
    apply()
  }

  async function apply() {
    page.address({ expression: expression.value, variables: variables.value })
    let value
    try {
      ({ value } = await page.ask('graph', { expression: expression.value, variables: variables.value }, true))
      wrong.textContent = ''
    } catch (e) {
      wrong.textContent = e.message.replace('expression: ', '')
      return
    }
    steps = value.steps
    order = steps.filter((s) => s.op !== '').map((s) => s.id)
    source.set(value.code)
    view.set(steps)
    list.replaceChildren(...steps.map((s) => h('li', { value: s.id }, describe(s))))
    const i = examples.findIndex((e) => e.expression === expression.value && e.variables === variables.value)
    example.value = i < 0 ? '' : i
    place.max = order.length
    go(order.length)
  }

  // describe says what a step does.
  function describe(s) {
    const name = s.label ? ` (${s.label})` : ''
    if (s.op === '') return `variable ${s.label} = ${written(s)}`
    return `${s.op}${s.operands.length ? ' of ' + s.operands.map(title).join(' and ') : ''}${name} = ${written(s)}`
  }

  // title names a node in a sentence.
  function title(id) {
    return steps[id].op === '' ? steps[id].label : `n${id}`
  }

  // go shows the graph after a number of steps.
  function go(n) {
    position = Math.min(order.length, Math.max(0, n))
    place.value = position
    const current = position > 0 ? order[position - 1] : -1
    view.show(position === 0 ? -1 : current, new Set(order.slice(0, position)))
    const backward = current >= 0 && steps[current].backward
    where.textContent = `step ${position} of ${order.length}${position ? backward ? ', backward' : ', forward' : ''}`
    select(current < 0 ? 0 : current)
  }

  // select describes a node.
  function select(id) {
    const s = steps[id]
    if (!s) return
    view.select(id)
    const rows = [['Operation', s.op || 'a variable']]
    if (s.operands.length) rows.push(['Of', s.operands.map((o, i) => `${'abc'[i] ?? i} = ${title(o)}`).join(', ')])
    rows.push(['Shape', `(${s.shape.join(', ')})`], ['Value', written(s)])
    if (s.label && s.op) rows.push(['It is', s.label])
    if (s.gradient >= 0) rows.push(['∂/∂ of the result', `${written(steps[s.gradient])}, node n${s.gradient}`])
    detail.replaceChildren(
      h('h2', {}, s.op === '' ? s.label : `n${id}: ${s.op}`),
      h('dl', {}, ...rows.flatMap(([k, v]) => [h('dt', {}, k), h('dd', {}, v)])),
      ...(s.rule?.length ? [h('h3', {}, 'Its rule'), ...s.rule.map((r) => h('p', { class: 'rule' }, r)),
        h('p', { class: 'dim' }, s.rule[0].includes('=') ? 'a, b: the operands; y: the value; g: the derivative of the result by y. The rule is the library’s own.' : '')] : []))
  }

  return {
    async show(settings) {
      if (examples.length === 0) {
        examples = (await page.ask('examples')).value
        example.append(h('option', { value: '' }, 'Your own'), ...examples.map((e, i) => h('option', { value: i }, e.name)))
      }
      if (settings.expression) {
        expression.value = settings.expression
        variables.value = settings.variables ?? ''
        apply()
      } else if (!expression.value) {
        useExample(1)
      } else {
        page.address({ expression: expression.value, variables: variables.value })
      }
    },
  }
}

// written writes a value: a number, a list, or a list of rows.
export function written({ value, shape }) {
  const list = (a) => `[${a.join(', ')}]`
  if (value.length === 1 && shape.length < 2) return value[0]
  if (shape.length < 2) return list(value)
  const width = shape[1]
  return list(Array.from({ length: shape[0] }, (_, i) => list(value.slice(i * width, (i + 1) * width))))
}
