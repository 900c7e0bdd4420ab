// The runs, as the messages of the server and the logs that the user opens describe them.

const mostSteps = 4000, mostOthers = 4000;

export const runs = new Map();
let colours = 0, opened = 0;

// number reads a number as the server and JSONL write it.
export const number = v => v === null || v === undefined ? NaN : Number(v);

function add(header) {
  const old = runs.get(header.run);
  const run = {
    id: header.run, name: header.name, log: header.log, limits: header.limits || "", summary: header.summary || "",
    steps: [], epochs: [], norms: [], layers: null, images: null, drawing: false, control: {stop: false, held: null}, ended: null,
    shown: old ? old.shown : true, colour: old ? old.colour : colours++ % 6,
  };
  runs.set(run.id, run);
  return run;
}

// push appends to a list of bounded length: a list that is full loses every second element.
function push(list, item, most) {
  list.push(item);
  if (list.length > most) {
    for (let i = 0; 2 * i < list.length; i++) list[i] = list[2 * i];
    list.length = Math.ceil(list.length / 2);
  }
}

let hidden = new Map(); // whether runs were shown before a reset

// take applies a message of the server.
export function take(m) {
  if (m.t === "reset") {
    for (const run of runs.values()) {
      if (run.id > 0) {
        hidden.set(run.id, run);
        runs.delete(run.id);
      }
    }
    return;
  }
  if (m.t === "run") {
    const run = add(m), before = hidden.get(run.id);
    if (before) [run.shown, run.colour] = [before.shown, before.colour];
    hidden.delete(run.id);
    return;
  }
  const run = runs.get(m.run);
  if (!run) return;
  switch (m.t) {
  case "drop": runs.delete(m.run); break;
  case "step": push(run.steps, m.v.map(number), mostSteps); break;
  case "epoch": push(run.epochs, {epoch: m.epoch, step: m.step, seconds: number(m.seconds), logs: m.logs}, mostOthers); break;
  case "norms": addNorms(run, m.step, m.list.map(p => [p[0], number(p[1]), number(p[2])])); break;
  case "layers":
    run.layers = m;
    addNorms(run, m.step, m.list.map(p => [p.name, number(p.value.norm), number(p.gradient.norm)]));
    break;
  case "images": run.images = m; break;
  case "drawing": run.drawing = true; break;
  case "control": run.control = m; break;
  case "end": run.ended = m; break;
  }
}

function addNorms(run, step, list) {
  const last = run.norms.at(-1);
  if (last && last.step >= step) return;
  push(run.norms, {step, list}, mostOthers);
}

// open adds the runs of a JSONL log; it returns their number.
export function open(name, text) {
  const lines = text.split("\n").filter(l => l.trim() !== "");
  let run = null, last = Infinity, count = 0;
  lines.forEach((line, i) => {
    let object;
    try {
      object = JSON.parse(line);
    } catch (err) {
      if (i === lines.length - 1 && i > 0) return; // a crash left half a line
      throw new Error(`line ${i + 1} is not JSON`);
    }
    const {epoch, step, ...logs} = object;
    if (!Number.isInteger(epoch) || !Number.isInteger(step)) throw new Error(`line ${i + 1} has no epoch and step`);
    if (epoch <= last) {
      count++;
      run = add({run: --opened, name: count > 1 ? `${name} (${count})` : name, log: true});
      run.ended = {error: ""};
    }
    last = epoch;
    push(run.epochs, {epoch, step, seconds: NaN, logs}, mostOthers);
  });
  if (count === 0) throw new Error("the file has no lines of a log");
  return count;
}

// current returns the run under way, or else the newest.
export function current() {
  const all = [...runs.values()].filter(r => r.id > 0 && !r.log);
  return all.findLast(r => !r.ended) || all.at(-1) || [...runs.values()].at(-1) || null;
}
