// The Web Worker: it runs the Go program, which answers messages. Messages that come before it runs wait in client.js.
importScripts('wasm_exec.js')

const go = new Go()
fetch('program.wasm')
  .then((r) => {
    if (!r.ok) throw new Error(`program.wasm: ${r.status}`)
    return r.arrayBuffer()
  })
  .then((bytes) => WebAssembly.instantiate(bytes, go.importObject))
  .then(({ instance }) => go.run(instance))
  .then(() => postMessage({ id: 0, error: 'the program ended' }))
  .catch((e) => postMessage({ id: 0, error: String(e) }))
