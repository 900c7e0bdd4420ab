// Which curves there are: one chart for each log, training and validation together, and those of steps.

import {Chart} from "./chart.js";
import {number, runs} from "./store.js";
import {duration, short} from "./scale.js";

const charts = new Map(); // by title
const byId = id => document.getElementById(id);

// split returns the title of a log's chart, and whether its curve is that of validation.
function split(name) {
  if (name.startsWith("train_")) return [name.slice(6), false];
  if (name.startsWith("valid_")) return [name.slice(6), true];
  return [name, false];
}

// across returns the function from a step's message, or an epoch's, to its place.
function across(axis) {
  return {
    epoch: {step: v => v[1], epoch: e => e.epoch}, step: {step: v => v[0], epoch: e => e.step}, time: {step: v => v[2], epoch: e => e.seconds},
  }[axis];
}

// smooth returns points whose values are moving averages.
function smooth(points, factor) {
  let mean = NaN;
  return points.map(([x, y]) => {
    mean = Number.isFinite(mean) ? factor * mean + (1 - factor) * y : y;
    return [x, mean];
  });
}

// place returns where a step is on an axis, by the nearest step that the page has.
function place(run, step, axis, x) {
  if (axis === "step") return step;
  let lo = 0, hi = run.steps.length - 1;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (run.steps[mid][0] < step) lo = mid + 1; else hi = mid;
  }
  return hi < 0 ? NaN : x.step(run.steps[lo]);
}

export function drawCurves() {
  const axis = byId("axis").value, x = across(axis), factor = Number(byId("smooth").value);
  const view = {logarithmic: byId("logarithmic").checked, tick: axis === "time" ? duration : short};
  const shown = [...runs.values()].filter(r => r.shown);
  const list = new Map([["loss", []], ["learning_rate", []], ["samples per second", []]]);
  const put = (title, curve) => list.has(title) ? list.get(title).push(curve) : list.set(title, [curve]);
  const norms = new Map([["norm of the parameters", []], ["norm of the gradients", []]]);
  for (const r of shown) {
    const curve = (label, points, more) => ({label: shown.length > 1 ? `${r.name} ${label}` : label, slot: r.colour, points, ...more});
    const steps = column => r.steps.map(v => [x.step(v), v[column]]);
    if (r.steps.length) {
      put("loss", curve("step", smooth(steps(4), factor), {faint: true}));
      put("learning_rate", curve("rate", steps(5)));
      put("samples per second", curve("samples/s", smooth(steps(6), factor)));
    }
    const names = new Set();
    for (const e of r.epochs) for (const name in e.logs) names.add(name);
    for (const name of names) {
      const [title, valid] = split(name);
      if (name === "learning_rate" && r.steps.length) continue;
      const points = r.epochs.filter(e => name in e.logs).map(e => [x.epoch(e), number(e.logs[name])]);
      put(title, curve(valid ? "validation" : name.startsWith("train_") ? "training" : name, points, {dash: valid}));
    }
    for (const [title, column] of [["norm of the parameters", 1], ["norm of the gradients", 2]]) {
      const points = r.norms.map(n => [place(r, n.step, axis, x), Math.hypot(...n.list.map(p => p[column]))]);
      if (points.length) norms.get(title).push(curve("all", points));
    }
  }
  const titles = new Set([...list.keys(), ...norms.keys()]);
  for (const [title, chart] of charts) if (!titles.has(title)) { chart.remove(); charts.delete(title); }
  for (const [title, curves] of list) draw(title, curves, view, title.includes("/") ? byId("more").querySelector(".grid") : byId("curves"));
  for (const [title, curves] of norms) draw(title, curves, view, byId("parameters-curves"));
  byId("more").hidden = ![...list.keys()].some(t => t.includes("/"));
}

function draw(title, curves, view, parent) {
  if (!charts.has(title)) charts.set(title, new Chart(parent, title.replaceAll("_", " ")));
  charts.get(title).update(curves, view);
}
