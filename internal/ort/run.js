// Runs ONNX models with onnxruntime. Each line of the standard input is a request: a model and inputs for it, in base64. The
// answer is a line with the outputs, or with an error.
const ort = require(process.argv[2]);
const arrays = { float32: Float32Array, float64: Float64Array, int64: BigInt64Array };

async function answer(request) {
  const session = await ort.InferenceSession.create(Buffer.from(request.model, "base64"), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const outputs = [];
  for (const input of request.inputs) {
    const bytes = new Uint8Array(Buffer.from(input.data, "base64")).buffer;
    const feed = { [session.inputNames[0]]: new ort.Tensor(input.type, new arrays[input.type](bytes), input.shape) };
    const out = (await session.run(feed))[session.outputNames[0]];
    const data = Buffer.from(out.data.buffer, out.data.byteOffset, out.data.byteLength).toString("base64");
    outputs.push({ type: out.type, shape: out.dims, data });
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
