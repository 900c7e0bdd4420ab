// Files of the site for the worker, which gets them in base64. Each is fetched once.
const fetched = new Map()

export function file(name) {
  if (!fetched.has(name)) {
    const promise = load(`data/${name}`)
    promise.catch(() => fetched.delete(name))
    fetched.set(name, promise)
  }
  return fetched.get(name)
}

async function load(path) {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  const blob = await answer.blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
