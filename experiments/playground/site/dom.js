// Elements, without a framework.

// h makes an element: attributes whose names begin with on are listeners, true is an attribute without a value, and false or
// undefined leaves it out.
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children)
}

// svg makes an element of SVG.
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function fill(e, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value)
    else if (value !== false && value !== undefined) e.setAttribute(name, value === true ? '' : value)
  }
  e.append(...children.filter((c) => c !== undefined))
  return e
}

// choice makes a labelled <select>. options are values, or pairs of a value and its text. Its method set changes the value.
export function choice(label, name, options, onchange) {
  const select = h('select', { name, onchange: () => onchange(select.value) },
    ...options.map((o) => { const [value, text] = Array.isArray(o) ? o : [o, o]; return h('option', { value }, String(text)) }))
  select.set = (v) => { // a value of an address may be none of the options
    if (![...select.options].some((o) => o.value === String(v))) select.append(h('option', { value: v }, String(v)))
    select.value = String(v)
  }
  return labelled(label, select)
}

// slider makes a labelled slider, whose value is written beside it by show.
export function slider(label, name, { min, max, step = 1, value, show = String }, oninput) {
  const output = h('span', { class: 'value' }, show(value)) // no <output>, which the label would belong to
  const range = h('input', {
    type: 'range', name, min, max, step, value,
    oninput: () => { output.textContent = show(+range.value); oninput(+range.value) },
  })
  range.set = (v) => { range.value = v; output.textContent = show(+range.value) }
  return h('label', { class: 'field' }, h('span', {}, label, ' ', output), range)
}

export function check(label, name, onchange) {
  const box = h('input', { type: 'checkbox', name, onchange: () => onchange(box.checked) })
  return h('label', { class: 'field check' }, box, h('span', {}, label))
}

export function labelled(label, control) {
  return h('label', { class: 'field' }, h('span', {}, label), control)
}

// code makes a block that shows Go code and can copy it; its method set changes the code.
export function code(title) {
  const text = h('code')
  const copy = h('button', {
    type: 'button', class: 'copy',
    onclick: async () => {
      await copyText(text.textContent)
      copy.textContent = 'Copied'
      setTimeout(() => { copy.textContent = 'Copy' }, 1500)
    },
  }, 'Copy')
  const block = h('details', { class: 'code' }, h('summary', {}, title), copy, h('pre', { tabindex: '0', 'aria-label': title }, text))
  block.set = (t) => { text.textContent = t }
  return block
}

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = h('textarea', {}, text) // without permission, or on a page that is not secure
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}
