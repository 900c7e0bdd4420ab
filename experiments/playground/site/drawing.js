// The drawing, which all panes about digits share.
import { dark } from './colours.js'

// What was drawn, which is the same in all panes: strokes of points {x, y} from 0 to 1, or the index of a test image.
export const drawing = { strokes: [], test: null }

const listeners = new Set()

// onDrawing calls f after each change.
export function onDrawing(f) { listeners.add(f) }

export function changed() { for (const f of listeners) f() }
dark.addEventListener('change', changed) // everything is drawn again in other colours

export function clear() {
  drawing.strokes = []
  drawing.test = null
  changed()
}

export function undo() {
  if (drawing.test !== null) drawing.test = null
  else drawing.strokes.pop()
  changed()
}

export function showTest(index) {
  drawing.strokes = []
  drawing.test = index
  changed()
}

// message returns the arguments for the worker: {strokes} or {index}.
export function message() {
  return drawing.test === null ? { strokes: drawing.strokes } : { index: drawing.test }
}

// points returns how many points were drawn.
export function points() { return drawing.strokes.reduce((n, s) => n + s.length, 0) }

// latest returns a function that calls f, but never twice at the same time: calls meanwhile become one call afterwards. So answers
// come at each stroke, as fast as the worker gives them.
export function latest(f) {
  let busy = false
  let again = false
  return async function run() {
    if (busy) { again = true; return }
    busy = true
    try {
      await f()
    } catch {
      // ask has shown the error
    } finally {
      busy = false
    }
    if (again) { again = false; run() }
  }
}
