// The page: its tabs, and which pane is shown. A pane is a module of panes.js that exports
//   name   its name in the address, and to the worker
//   title  the text of its tab
//   create(root, page)  which fills the element root and returns an object with
//     show(settings)  called when the pane is shown, with its settings from the address
//     hide()          called when another one is shown
// page has ask(op, args, quiet), which asks the worker's pane and returns a promise of {value, arrays}, and shows errors unless quiet; hash(text), which shows the
// weights' hash; address(settings), which puts settings into the address.
import { panes } from './panes.js'
import { ask, onError, onReady } from './client.js'
import { read, write } from './address.js'
import { h } from './dom.js'

const tabs = document.getElementById('tabs')
const main = document.getElementById('panes')
const hash = document.getElementById('hash')
const shown = {} // what create returned, by name
let current = ''

for (const p of panes) {
  const panel = h('section', { role: 'tabpanel', id: `pane-${p.name}`, 'aria-labelledby': `tab-${p.name}`, hidden: true })
  const tab = h('button', {
    role: 'tab', id: `tab-${p.name}`, 'aria-controls': panel.id, 'aria-selected': 'false', tabindex: '-1',
    onclick: () => select(p.name, {}),
  }, p.title)
  tabs.append(tab)
  main.append(panel)
}

tabs.addEventListener('keydown', (e) => {
  const at = panes.findIndex((p) => p.name === current)
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + panes.length, Home: 0, End: panes.length - 1 }[e.key]
  if (next === undefined) return
  e.preventDefault()
  const name = panes[next % panes.length].name
  select(name, {})
  document.getElementById(`tab-${name}`).focus()
})

// select shows a pane, which it creates at the first time.
function select(name, settings) {
  const p = panes.find((p) => p.name === name) ?? panes[0]
  if (current && current !== p.name) shown[current].hide?.()
  current = p.name
  for (const other of panes) {
    const on = other === p
    const tab = document.getElementById(`tab-${other.name}`)
    tab.setAttribute('aria-selected', String(on))
    tab.tabIndex = on ? 0 : -1
    if (on) tab.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    document.getElementById(`pane-${other.name}`).hidden = !on
  }
  hash.textContent = '–'
  document.title = `nndiy: ${p.title}`
  const root = document.getElementById(`pane-${p.name}`)
  shown[p.name] ??= p.create(root, {
    ask: (op, args, quiet) => ask(p.name, op, args, quiet),
    hash: (text) => { if (current === p.name) hash.textContent = text },
    address: (settings) => { if (current === p.name) write(p.name, settings) },
  })
  shown[p.name].show?.(settings)
}

const status = document.getElementById('status')
const error = document.getElementById('error')
onReady(() => { status.textContent = 'ready,' })
onError((text) => {
  error.textContent = text
  error.hidden = false
  setTimeout(() => { error.hidden = true }, 10000)
})

const go = () => { const { name, settings } = read(); select(name, settings) }
window.addEventListener('hashchange', go)
go()
