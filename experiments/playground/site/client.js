// The worker, to the page: ask sends it a message and returns a promise of the answer.
const worker = new Worker('worker.js')
const waiting = new Map()
let last = 0
let report = () => {}
let ready

const whenReady = new Promise((resolve) => { ready = resolve })

worker.onmessage = ({ data }) => {
  if (data.ready) return ready()
  const w = waiting.get(data.id)
  if (!w) return report(data.pane ? `${data.pane}: ${data.error}` : data.error)
  waiting.delete(data.id)
  if (data.error !== undefined) w.reject(new Error(data.error))
  else w.resolve({ value: JSON.parse(data.value), arrays: data.arrays })
}
worker.onerror = (e) => report(`the worker stopped: ${e.message}`)

// ask asks a pane of the worker. Errors reject the promise, and are shown on the page unless the caller does so: quiet.
export async function ask(pane, op, args = {}, quiet = false) {
  await whenReady
  const id = ++last
  const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
  worker.postMessage({ id, pane, op, args: JSON.stringify(args) })
  try {
    return await answer
  } catch (e) {
    if (!quiet) report(e.message)
    throw e
  }
}

export function onReady(f) { whenReady.then(f) }
export function onError(f) { report = f }
