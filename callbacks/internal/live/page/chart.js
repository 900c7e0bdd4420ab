// A chart of curves, in SVG, with a line under the pointer or the arrow keys that reads the values.

import {linear, powers, short} from "./scale.js";

const space = "http://www.w3.org/2000/svg", height = 200, left = 52, right = 8, top = 8, bottom = 22;

export function svg(name, attributes, ...children) {
  const e = document.createElementNS(space, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
}

export class Chart {
  constructor(parent, title) {
    this.title = title;
    this.figure = document.createElement("figure");
    const caption = document.createElement("figcaption"), name = document.createElement("span");
    name.textContent = title;
    this.output = document.createElement("output");
    caption.append(name, this.output);
    this.plot = document.createElement("div");
    this.plot.className = "plot";
    this.plot.tabIndex = 0;
    this.plot.setAttribute("role", "img");
    this.figure.append(caption, this.plot);
    parent.append(this.figure);
    this.curves = [];
    this.at = null; // where the values are read, between 0 and 1
    this.plot.addEventListener("pointermove", e => this.read((e.offsetX - left) / (this.width - left - right)));
    this.plot.addEventListener("pointerleave", () => this.read(null));
    this.plot.addEventListener("blur", () => this.read(null));
    this.plot.addEventListener("keydown", e => this.key(e));
  }

  remove() { this.figure.remove(); }

  key(e) {
    const to = {ArrowLeft: (this.at ?? 1) - .02, ArrowRight: (this.at ?? 0) + .02, Home: 0, End: 1, Escape: null}[e.key];
    if (to === undefined) return;
    e.preventDefault();
    this.output.setAttribute("aria-live", "polite");
    this.read(to);
  }

  read(at) {
    this.at = at === null ? null : Math.min(Math.max(at, 0), 1);
    this.draw();
  }

  // update takes curves: {label, slot, dash, faint, points: [[x, y], ...]}, and how to draw them.
  update(curves, view) {
    this.curves = curves;
    this.view = view;
    this.draw();
  }

  draw() {
    if (!this.view) return;
    const width = this.width = Math.max(this.plot.clientWidth, 160);
    const log = this.view.logarithmic, ok = p => Number.isFinite(p[0]) && Number.isFinite(p[1]) && (!log || p[1] > 0);
    let [x0, x1, y0, y1] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const c of this.curves) for (const p of c.points) {
      if (!ok(p)) continue;
      x0 = Math.min(x0, p[0]); x1 = Math.max(x1, p[0]);
      if (c.faint && c.points.length > 20 && this.curves.some(d => !d.faint && d.points.length > 1)) continue;
      y0 = Math.min(y0, p[1]); y1 = Math.max(y1, p[1]);
    }
    if (x0 > x1) [x0, x1] = [0, 1];
    if (y0 > y1) [y0, y1] = log ? [.1, 1] : [0, 1];
    if (x0 === x1) x1 = x0 + 1;
    if (log) { if (y0 === y1) [y0, y1] = [y0 / 2, y1 * 2]; }
    else {
      const pad = (y1 - y0) * .05 || Math.abs(y0) * .1 || 1;
      [y0, y1] = [y0 >= 0 && y0 < pad * 4 ? 0 : y0 - pad, y1 + pad];
    }
    const f = log ? Math.log10 : v => v;
    const X = x => left + (x - x0) / (x1 - x0) * (width - left - right);
    const Y = y => height - bottom - (f(y) - f(y0)) / (f(y1) - f(y0)) * (height - top - bottom);
    const picture = svg("svg", {width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true"});
    for (const t of log ? powers(y0, y1) : linear(y0, y1, 5)) {
      picture.append(svg("line", {class: "rule", x1: left, x2: width - right, y1: Y(t), y2: Y(t)}),
        svg("text", {x: left - 5, y: Y(t) + 4, "text-anchor": "end"}, short(t)));
    }
    for (const t of linear(x0, x1, Math.max(width / 90, 2))) {
      picture.append(svg("text", {x: Math.min(X(t), width - 14), y: height - 6, "text-anchor": "middle"}, this.view.tick(t)));
    }
    const clip = svg("svg", {x: left, y: 0, width: width - left - right, height: height - bottom + 1,
      viewBox: `${left} 0 ${width - left - right} ${height - bottom + 1}`});
    for (const c of this.curves) {
      let d = "", pen = "M", n = 0;
      for (const p of c.points) {
        if (!ok(p)) { pen = "M"; continue; }
        d += `${pen}${X(p[0]).toFixed(1)} ${Y(p[1]).toFixed(1)}`;
        pen = "L";
        n++;
      }
      if (n === 1) clip.append(svg("circle", {class: `dot s${c.slot}`, cx: X(c.points.find(ok)[0]), cy: Y(c.points.find(ok)[1]), r: 3}));
      else if (n) clip.append(svg("path", {class: `curve s${c.slot}${c.faint ? " faint" : ""}`, d, ...(c.dash ? {"stroke-dasharray": "6 3"} : {})}));
    }
    picture.append(clip);
    this.describe(picture, x0, x1, X);
    this.plot.replaceChildren(picture);
  }

  // describe writes the values at the line, or else the last ones.
  describe(picture, x0, x1, X) {
    const at = this.at === null ? Infinity : x0 + this.at * (x1 - x0);
    if (this.at !== null) picture.append(svg("line", {class: "cross", x1: X(at), x2: X(at), y1: top, y2: height - bottom}));
    const texts = [];
    for (const c of this.curves.toReversed()) { // the newest run first
      let best = null;
      for (const p of c.points) if (Number.isFinite(p[0]) && (best === null || Math.abs(p[0] - at) < Math.abs(best[0] - at) || at === Infinity)) best = p;
      if (best) texts.push(`${c.label} ${short(best[1])}`);
    }
    const shown = texts.slice(0, 8).join(", ");
    this.output.textContent = this.at === null ? "" : `${this.view.tick(at)}: ${shown}`;
    this.plot.setAttribute("aria-label", `${this.title}. ${this.at === null ? "Last values" : "At " + this.view.tick(at)}: ${shown || "none"}. Arrow keys read others.`);
  }
}
