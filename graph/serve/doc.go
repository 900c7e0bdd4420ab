// Package serve answers requests for the predictions of a model over HTTP.
//
//	model, err := graph.Open("model.safetensors") // import the packages of its layers
//	handler, err := serve.New(model, serve.Config{})
//	go handler.Watch(ctx, "model.safetensors", func(err error) { log.Println("new model:", err) }) // if new files are to be served
//	server := &http.Server{Addr: ":8443", Handler: handler, ReadHeaderTimeout: 10 * time.Second}
//	err = server.ListenAndServeTLS("cert.pem", "key.pem")
//
// TLS, authentication and logs belong to that http.Server and to handlers in front of this one: see the examples. Behind a prefix,
// use http.StripPrefix. Command experiments/serve is a complete program.
//
// # Requests
//
//	POST /predict         predictions
//	POST /streams         begins a stream, if the model can be streamed (see graph.Model.Stream): {"stream": "ID"}
//	POST /streams/ID      the outputs for the next piece of the sequence; the body is {"inputs": ...} or .npy, as of /predict
//	DELETE /streams/ID    ends it
//	GET /                 the shapes, and the classes of the outputs, if datasets.Classes.StoreIn put them into the model
//	GET /openapi.json     a description of all this in the OpenAPI format, made from the model's inputs and outputs
//	GET /healthz          200, or 503 after Stop
//	GET /metrics          counters for Prometheus
//
// The body of POST /predict is one of these, by its Content-Type:
//
//   - application/json, {"inputs": [sample, ...]}: arrays of numbers nested as Model.Input says. The answer is {"outputs": [...]}.
//   - application/json, {"rows": [{"age": 41, "city": "Lyon"}]}, if the model takes raw rows (graph.Model.TakesRows). The answer is
//     {"answers": [{"value": "yes", "scores": {"no": 0.1, "yes": 0.9}}]}.
//   - application/x-npy: a NumPy .npy array of integers, float32 or float64, one sample for each row, such as pixels as bytes if the first
//     layer is layers.Rescale.
//   - image/png, image/jpeg, image/gif, image/webp: one picture, if the model has the preparation of datasets.Picture.StoreIn. The answer
//     is that of {"inputs": [...]}, with the bits of datasets.PredictImage.
//
// A request whose Accept header names application/x-npy, with a quality (q) other than 0 and not less than that of application/json,
// gets the outputs as such an array. All samples of a request have the same shape. If the model's input has dimensions of any size, which GET / shows as -1, each request has sizes of its own. A number that
// is not finite is an error.
//
// An error is answered as {"error": "where: got A, want B"} with a status of 400 or above.
//
// # Promises
//
// Requests that wait become one batch. A sample's answer has the bits of Model.Predict or Model.PredictRows, whatever requests are
// beside it. Memory is bounded by Config's limits, whatever clients send; a body with its numbers takes up to about 25 times
// MaxBody, for up to MaxRunning requests, and a picture up to 32 times MaxPixels bytes, for as many at once as there are processors.
// What the model itself takes and returns for MaxRows samples of up to MaxSize comes on top.
package serve
