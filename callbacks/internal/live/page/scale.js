// Axes: ticks at round numbers, and short texts of numbers.

// short returns a number in few characters.
export function short(v) {
  if (!Number.isFinite(v)) return Number.isNaN(v) ? "NaN" : v > 0 ? "∞" : "−∞";
  const a = Math.abs(v);
  if (a !== 0 && (a < 1e-3 || a >= 1e6)) return v.toExponential(2).replace(/\.?0*e\+?/, "e");
  return String(Number(v.toPrecision(4)));
}

// duration returns seconds as a text.
export function duration(s) {
  if (!Number.isFinite(s)) return "–";
  if (s < 60) return s < 10 ? s.toFixed(1) + " s" : Math.round(s) + " s";
  const m = Math.round(s / 60), two = n => String(n).padStart(2, "0");
  return m < 60 ? `${Math.floor(s / 60)} min ${two(Math.floor(s % 60))} s` : `${Math.floor(m / 60)} h ${two(m % 60)} min`;
}

// linear returns about n round numbers within lo and hi.
export function linear(lo, hi, n) {
  const rough = (hi - lo) / n, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= rough) || power;
  const ticks = [];
  for (let k = Math.ceil(lo / step); k * step <= hi && ticks.length < 50; k++) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

// powers returns ticks for a logarithmic axis.
export function powers(lo, hi) {
  const from = Math.floor(Math.log10(lo)), to = Math.ceil(Math.log10(hi)), every = Math.ceil((to - from) / 6);
  const factors = to - from <= 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let e = from; e <= to; e += every) for (const f of factors) ticks.push(f * 10 ** e);
  return ticks.filter(t => t >= lo && t <= hi);
}
