// Measures the inference of an ONNX file with onnxruntime, in windows of time as measure.go does. It prints one line of JSON, with an
// error if onnxruntime refuses the file or the batch.
//
//   node bench_ort.js LIBRARY '{"file": "model.onnx", "batch": 8, "time": 128, "threads": 2, "seconds": 3, "scale": 1}'
const ort = require(process.argv[2]);
const a = JSON.parse(process.argv[3]);
const windows = 7;
const now = () => Number(process.hrtime.bigint()) / 1e9;
const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array };

// tensor returns a batch of integers from 0 to 9, times the scale. Dimensions after the first that vary have the size a.time.
function tensor(input, seed) {
  const shape = input.shape.map((d, i) => (typeof d === "number" ? d : i === 0 ? a.batch : a.time));
  if (shape[0] !== a.batch) throw `the file fixes the batch at ${shape[0]}`;
  const data = new arrays[input.type](shape.reduce((n, d) => n * d, 1));
  for (let i = 0; i < data.length; i++) {
    const v = (Math.imul(i + seed, 2654435761) >>> 8) % 10;
    data[i] = input.type === "int64" ? BigInt(v) : v * a.scale;
  }
  return new ort.Tensor(input.type, data, shape);
}

(async () => {
  const session = await ort.InferenceSession.create(a.file, { intraOpNumThreads: a.threads, interOpNumThreads: 1, logSeverityLevel: 3 });
  const batches = [0, 1, 2, 3].map((seed) => Object.fromEntries(session.inputMetadata.map((input) => [input.name, tensor(input, seed)])));
  let n = 0;
  for (const begin = now(); n < 5 || now() - begin < 0.7; n++) await session.run(batches[n % 4]);
  const rates = [];
  while (rates.length < windows) {
    const begin = now();
    let passed = 0;
    for (n = 0; passed < a.seconds / windows; passed = now() - begin) await session.run(batches[n++ % 4]);
    rates.push((n * a.batch) / passed);
  }
  rates.sort((x, y) => x - y);
  return { samples_s: rates[windows >> 1], lo: rates[0], hi: rates[windows - 1] };
})().catch((e) => ({ error: String(e).split("\n")[0] })).then((line) => console.log(JSON.stringify({ lib: "onnxruntime", ...line })));
