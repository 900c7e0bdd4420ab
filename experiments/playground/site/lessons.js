// The pane of the lessons: the guide of experiments/learn, with what each lesson prints. Its links lead to other panes.
import { h } from './dom.js'

export const name = 'lessons'
export const title = 'Lessons'

export function create(root, page) {
  const list = h('ol', {})
  const text = h('article', {})
  root.classList.add('lessons')
  root.append(h('nav', { 'aria-label': 'Lessons' }, list), text)

  const loaded = load().catch((e) => { text.textContent = e.message })

  async function load() {
    const answer = await fetch('lessons.html')
    if (!answer.ok) throw new Error(`lessons.html: ${answer.status}`)
    text.innerHTML = (await answer.text()).replace(/<(\/?)h([12])/g, (_, end, level) => `<${end}h${+level + 1}`) // the page's name is its h1
    for (const block of text.querySelectorAll('pre')) {
      block.tabIndex = 0
      block.setAttribute('role', 'region')
      block.setAttribute('aria-label', block.textContent.split('\n', 1)[0])
    }
    for (const heading of text.querySelectorAll('h3')) {
      const [, number, topic] = heading.textContent.match(/^(\d+)\. (.*)/) ?? []
      if (number) list.append(h('li', {}, h('button', { type: 'button', onclick: () => go(+number) }, topic)))
    }
  }

  function go(lesson) {
    const heading = text.querySelectorAll('h3')[lesson - 1]
    page.address(heading ? { lesson } : {})
    heading?.scrollIntoView()
    heading?.setAttribute('tabindex', '-1')
    heading?.focus({ preventScroll: true })
  }

  return {
    async show(settings) {
      await loaded
      if (settings.lesson) go(+settings.lesson)
    },
  }
}
