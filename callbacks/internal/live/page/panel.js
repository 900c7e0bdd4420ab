// The list of runs, the figures of the current one, and the buttons.

import {current, open, runs} from "./store.js";
import {duration, short} from "./scale.js";
import {order} from "./stream.js";

const byId = id => document.getElementById(id);

export function drawRuns(redraw) {
  const list = byId("list"), all = [...runs.values()];
  const key = JSON.stringify(all.map(r => [r.id, r.name, r.shown, r.colour, state(r)]));
  if (list.dataset.key === key) return; // so that the focus stays
  list.dataset.key = key;
  const focus = document.activeElement?.dataset?.run;
  list.replaceChildren(...all.map(r => {
    const item = document.createElement("li"), label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    box.checked = r.shown;
    box.dataset.run = r.id;
    box.addEventListener("change", () => { r.shown = box.checked; redraw(); });
    const name = document.createElement("span"), small = document.createElement("small"), space = "http://www.w3.org/2000/svg";
    const line = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
    line.setAttribute("width", "26");
    line.setAttribute("height", "8");
    line.setAttribute("aria-hidden", "true");
    path.setAttribute("d", "M0 4H26");
    path.setAttribute("class", `curve s${r.colour}`);
    path.style.strokeWidth = 3;
    line.append(path);
    name.textContent = r.name + " ";
    small.textContent = state(r);
    name.append(small);
    label.append(box, line, name);
    item.append(label);
    return item;
  }));
  if (focus) list.querySelector(`[data-run="${focus}"]`)?.focus();
}

function state(r) {
  if (r.log) return "from a log";
  if (!r.ended) return r.control.stop ? "stops after this epoch" : "running";
  return r.ended.error ? "ended with an error" : "ended";
}

export function drawNow() {
  const r = current(), last = r?.steps.at(-1), running = r && !r.ended && !r.log;
  if (byId("answer").dataset.run !== String(running ? r.id : 0)) {
    byId("answer").dataset.run = running ? r.id : 0;
    byId("answer").textContent = "";
    delete byId("rate").dataset.changed;
  }
  byId("now-title").textContent = r ? `Now: ${r.name}` : "Now: no run yet";
  byId("limits").textContent = r ? (r.ended?.error ? r.ended.error : r.limits) : "";
  byId("limits").classList.toggle("bad", Boolean(r?.ended?.error));
  const rows = [];
  if (last) {
    const [step, epoch, seconds, loss, , rate, speed, left] = last;
    const bar = byId("progress"), all = seconds + left;
    if (running && Number.isFinite(all) && all > 0) bar.value = seconds / all;
    else if (running) bar.removeAttribute("value");
    else bar.value = 1;
    rows.push(["epoch", short(epoch)], ["step", String(step)], ["loss", short(loss)], ["learning rate", short(rate) + (r.control.held !== null ? ", held" : "")],
      ["samples/s", Number.isFinite(speed) ? String(Math.round(speed)) : "–"], ["time", duration(seconds)]);
    if (running) rows.push(["left", duration(left)]);
  }
  const logs = r?.epochs.at(-1)?.logs;
  for (const name of ["valid_loss", "valid_accuracy"]) if (logs && name in logs) rows.push([name.replace("_", " "), short(Number(logs[name]))]);
  byId("figures").replaceChildren(...rows.map(([name, value]) => {
    const pair = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    pair.append(dt, dd);
    return pair;
  }));
  for (const e of byId("orders").querySelectorAll("button, input")) e.disabled = !running;
  byId("stop").setAttribute("aria-pressed", String(Boolean(r?.control.stop)));
  byId("release").hidden = !r || r.control.held === null;
  const field = byId("rate");
  if (last && document.activeElement !== field && !field.dataset.changed) field.value = String(Number(last[5].toPrecision(4)));
  document.title = last && running ? `${short(last[3])} · epoch ${Math.ceil(last[1])} · ${r.name}` : "Training";
}

async function send(path, body, done) {
  byId("answer").textContent = "";
  const wrong = await order(path, {run: current().id, ...body});
  byId("answer").textContent = wrong || done;
  byId("answer").classList.toggle("bad", wrong !== "");
}

export function listen(redraw) {
  byId("stop").addEventListener("click", () => {
    const stop = !current().control.stop;
    send("stop", {stop}, stop ? "Training ends after this epoch." : "Training continues.");
  });
  byId("rate").addEventListener("input", e => { e.target.dataset.changed = "1"; });
  byId("release").addEventListener("click", () => send("rate", {rate: null}, "Schedules change the rate again."));
  byId("orders").addEventListener("submit", e => {
    e.preventDefault();
    const field = byId("rate"), text = field.value.trim(), rate = Number(text);
    delete field.dataset.changed;
    if (text === "" || !Number.isFinite(rate) || rate < 0) {
      byId("answer").textContent = "The rate is a number of 0 or more.";
      byId("answer").classList.add("bad");
      return;
    }
    send("rate", {rate}, `The rate is ${short(rate)} from the next step on.`);
  });
  byId("log").addEventListener("change", async e => {
    const texts = [];
    for (const file of e.target.files) {
      try {
        const count = open(file.name, await file.text());
        texts.push(`${file.name}: ${count} ${count === 1 ? "run" : "runs"}`);
      } catch (err) {
        texts.push(`${file.name}: ${err.message}`);
      }
    }
    byId("log-answer").textContent = texts.join("; ");
    e.target.value = "";
    redraw();
  });
}
