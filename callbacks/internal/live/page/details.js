// The parameters with their histograms, the images, and the network, of the current run.

import {svg} from "./chart.js";
import {current, number} from "./store.js";
import {short} from "./scale.js";

const byId = id => document.getElementById(id);
let drawnLayers = null, drawnImages = null, drawnNetwork = null;

// bars draws a histogram, with a text for those who do not see it.
function bars(spread) {
  const most = Math.max(...spread.bars, 1), n = spread.bars.length;
  const picture = svg("svg", {class: "bars", width: 120, height: 26, viewBox: `0 0 ${n} 26`, preserveAspectRatio: "none", role: "img",
    "aria-label": `from ${short(number(spread.lo))} to ${short(number(spread.hi))}`});
  spread.bars.forEach((b, i) => { if (b) picture.append(svg("rect", {x: i, width: .9, y: 26 - Math.max(24 * b / most, 1), height: Math.max(24 * b / most, 1)})); });
  const box = document.createElement("td"), small = document.createElement("small");
  small.textContent = `${short(number(spread.lo))} … ${short(number(spread.hi))}` + (spread.bad ? `, ${spread.bad} not finite` : "");
  box.append(picture, small);
  return box;
}

// trend draws how a norm has changed, beside its value.
function trend(values, text) {
  const td = cell(text), known = values.filter(Number.isFinite), lo = Math.min(...known), hi = Math.max(...known);
  if (known.length > 1) {
    const y = v => 17 - 14 * (v - lo) / (hi - lo || 1);
    const d = known.map((v, i) => `${i ? "L" : "M"}${(60 * i / (known.length - 1)).toFixed(1)} ${y(v).toFixed(1)}`).join("");
    td.prepend(svg("svg", {class: "trend", width: 60, height: 20, viewBox: "0 0 60 20", role: "img",
      "aria-label": `from ${short(known[0])}, at least ${short(lo)}, at most ${short(hi)}`}, svg("path", {d})));
  }
  return td;
}

function cell(text) {
  const td = document.createElement("td");
  td.textContent = text;
  return td;
}

export function drawDetails() {
  const r = current();
  const layers = r?.layers, images = r?.images;
  if (layers !== drawnLayers) {
    drawnLayers = layers;
    byId("parameters").hidden = !layers;
    if (layers) {
      byId("parameters-step").textContent = `${r.name}, at step ${layers.step}; gradients before clipping`;
      byId("parameters").querySelector("tbody").replaceChildren(...layers.list.map((p, i) => {
        const over = column => r.norms.map(n => n.list[i]?.[column] ?? NaN);
        const row = document.createElement("tr"), name = document.createElement("th");
        name.scope = "row";
        name.textContent = p.name;
        const value = number(p.value.norm), gradient = number(p.gradient.norm);
        row.append(name, cell(String(p.size)), bars(p.value), trend(over(1), short(value)), bars(p.gradient), trend(over(2), short(gradient)),
          cell(value > 0 ? short(gradient / value) : "–"));
        return row;
      }));
    }
  }
  if (images !== drawnImages) {
    drawnImages = images;
    byId("images").hidden = !images;
    if (images) drawImages(r, images);
  }
  const network = r && (r.drawing || r.summary) ? `${r.id} ${r.drawing}` : null;
  if (network !== drawnNetwork) {
    drawnNetwork = network;
    byId("network").hidden = !network;
    const picture = byId("network").querySelector("img");
    picture.parentElement.hidden = !r?.drawing;
    if (r?.drawing) picture.src = `network/${r.id}`;
    byId("network").querySelector("pre").textContent = r?.summary || "";
  }
}

// drawImages keeps each picture until the next version of it is loaded, and skips versions that come faster.
function drawImages(r, m) {
  byId("images").querySelector("p").textContent = `${r.name}, epoch ${m.epoch}` + (m.more ? `; ${m.more} more are not shown` : "");
  const box = byId("images").querySelector(".pictures"), shape = JSON.stringify([r.id, m.list.map(i => [i.tag, i.width, i.height, i.bytes > 0])]);
  if (box.dataset.shape !== shape) {
    box.dataset.shape = shape;
    box.replaceChildren(...m.list.map(figure));
  }
  box.querySelectorAll("img").forEach(picture => {
    const source = `image/${r.id}/${picture.dataset.number}/${m.version}`;
    if (picture.complete || !picture.src) picture.src = source;
    else picture.onload = () => { picture.onload = null; picture.src = source; };
  });
}

function figure(image, i) {
  const box = document.createElement("figure"), caption = document.createElement("figcaption");
  caption.textContent = image.bytes ? image.tag : `${image.tag}: ${image.width} × ${image.height} pixels are too many to show`;
  if (image.bytes) {
    const picture = document.createElement("img");
    picture.dataset.number = i;
    picture.alt = image.tag;
    picture.width = image.width * Math.max(1, Math.floor(168 / Math.max(image.width, 1)));
    box.append(picture);
  }
  box.append(caption);
  return box;
}
