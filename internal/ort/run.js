// Runs ONNX models with onnxruntime. Each line of standard input is a request: a model, in base64 or as the path of a file, and its
// feeds. A feed is a list of inputs; an input without a name is the model's first. The answer is one line, with the outputs for each feed or an error.
const ort = require(process.argv[2]);
const arrays = {
  float32: Float32Array, float64: Float64Array, float16: globalThis.Float16Array || Uint16Array, bool: Uint8Array,
  int8: Int8Array, int16: Int16Array, int32: Int32Array, int64: BigInt64Array,
  uint8: Uint8Array, uint16: Uint16Array, uint32: Uint32Array, uint64: BigUint64Array,
};

async function answer(request) {
  const session = await ort.InferenceSession.create(request.path || Buffer.from(request.model, "base64"), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const outputs = [];
  for (const inputs of request.feeds) {
    const feed = {};
    for (const input of inputs) {
      const bytes = new Uint8Array(Buffer.from(input.data, "base64")).buffer;
      feed[input.name || session.inputNames[0]] = new ort.Tensor(input.type, new arrays[input.type](bytes), input.shape);
    }
    const all = await session.run(feed);
    outputs.push(session.outputNames.map((name) => {
      const out = all[name];
      const data = Buffer.from(out.data.buffer, out.data.byteOffset, out.data.byteLength).toString("base64");
      return { name, type: out.type, shape: out.dims, data };
    }));
  }
  await session.release();
  return { outputs };
}

(async () => {
  for await (const line of require("readline").createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line)).catch((e) => ({ error: String(e) }));
    process.stdout.write(JSON.stringify(reply) + "\n");
  }
})();
