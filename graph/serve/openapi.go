package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// An object is an object of JSON.
type object map[string]any

// openAPI answers GET /openapi.json. The description is made when it is first asked for.
func (h *Handler) openAPI(w http.ResponseWriter, _ *http.Request) {
	h.send(w, http.StatusOK, mediaTypes[jsonFormat], h.served.Load().document())
}

// describe returns a description of the requests and answers in the OpenAPI format (https://spec.openapis.org/oas/v3.1.0), whose
// schemas are those of JSON Schema.
func (s *served) describe(c *Config) []byte {
	found := s.probe(c)
	text, anyObject := object{"type": "string"}, object{"type": "object"}
	get := func(id, summary, media string, schema object, failures ...int) object {
		return object{"get": operation(id, summary, nil, object{media: object{"schema": schema}}, failures...)}
	}
	paths := object{
		"/predict":      object{"post": operation("predict", "Predictions of the model.", s.requestBody(), s.answers())},
		"/":             get("shapes", "The shapes of a sample and of its output; -1 is a dimension of any size.", "application/json", anyObject),
		"/healthz":      get("health", "Whether requests are answered.", "text/plain", object{"const": "ok\n"}, 503),
		"/metrics":      get("metrics", "Counters in Prometheus' text format.", "text/plain", text),
		"/openapi.json": get("openapi", "This description.", "application/json", anyObject),
	}
	failure := fields(object{"error": object{"type": "string", "description": "where, what it got, and what it wants"}})
	schemas := object{"Error": failure, "Inputs": s.inputs(found), "Outputs": s.outputs(found)}
	if s.raw() {
		schemas["Rows"], schemas["Answers"] = s.rowSchema(found), found.answerSchema()
	}
	if found.pieces != nil {
		s.describeStreams(found, paths, schemas)
	}
	about := fmt.Sprintf("Made from the model that answers. A body has at most %d bytes.", c.MaxBody)
	document, err := json.MarshalIndent(object{
		"openapi":    "3.1.0",
		"info":       object{"title": "Predictions of a model", "version": "1", "description": about},
		"paths":      paths,
		"components": object{"schemas": schemas},
	}, "", "  ")
	if err != nil { // the classes may be anything
		document, _ = json.Marshal(object{"error": err.Error()})
	}
	return append(document, '\n')
}

// operation describes a request: its body, which may be nil, the answer with status 200, and the statuses of errors.
func operation(id, summary string, body, answer object, failures ...int) object {
	responses := object{"200": object{"description": "the answer", "content": answer}}
	o := object{"operationId": id, "summary": summary, "responses": responses}
	if body != nil {
		o["requestBody"] = object{"required": true, "content": body}
		failures = append(failures, 400, 408, 413, 415, 500, 503, 504)
	}
	content := object{"application/json": object{"schema": reference("Error")}}
	for _, code := range failures {
		responses[strconv.Itoa(code)] = object{"description": http.StatusText(code), "content": content}
	}
	return o
}

// requestBody describes the bodies of /predict by their media types.
func (s *served) requestBody() object {
	list := []any{reference("Inputs")}
	if s.raw() {
		list = append(list, reference("Rows"))
	}
	content := object{
		"application/json": object{"schema": object{"anyOf": list}},
		"application/x-npy": bytesBody(fmt.Sprintf("a NumPy array of integers, float32 or float64, of shape %s, one sample for each row",
			shapeText(s.model.Input()))),
	}
	if s.picture != nil {
		for _, name := range mediaTypes[pictureFormat] {
			content[name] = bytesBody(fmt.Sprintf("one picture of any size up to %d pixels", s.picture.MaxPixels))
		}
	}
	return content
}

// answers describes the answers of /predict by their media types.
func (s *served) answers() object {
	list := []any{reference("Outputs")}
	if s.raw() {
		list = append(list, reference("Answers"))
	}
	return object{
		"application/json": object{"schema": object{"anyOf": list}},
		"application/x-npy": bytesBody(fmt.Sprintf("a NumPy array of shape %s, if the request has inputs and its header Accept names this type",
			shapeText(s.model.Output()))),
	}
}

// describeStreams adds the requests for streams.
func (s *served) describeStreams(f findings, paths, schemas object) {
	one := func(name string) object { return object{"application/json": object{"schema": reference(name)}} }
	schemas["Stream"] = fields(object{"stream": object{"type": "string", "description": "ID of the stream"}})
	schemas["Piece"], schemas["PieceOutputs"] = s.pieces(f)
	paths["/streams"] = object{"post": operation("begin", "Begins a stream: its sequences come in pieces.", nil, one("Stream"), 503)}
	in, out := one("Piece"), one("PieceOutputs")
	shape, _ := s.pieceShape()
	in["application/x-npy"] = bytesBody("a NumPy array of integers, float32 or float64, of shape " + shapeText(shape))
	out["application/x-npy"] = bytesBody("a NumPy array of shape " + shapeText(f.pieces) + ", if the header Accept names this type")
	id := []any{object{"name": "id", "in": "path", "required": true, "schema": object{"type": "string"}}}
	paths["/streams/{id}"] = object{
		"parameters": id,
		"post":       operation("next", "The outputs for the next piece of a stream.", in, out, 404, 409),
		"delete":     operation("end", "Ends a stream.", nil, one("Stream"), 404),
	}
}

// bytesBody describes a body that is not text.
func bytesBody(description string) object {
	return object{"schema": object{"type": "string", "format": "binary", "description": description}}
}

// shapeText returns the shape of samples, such as (n,784).
func shapeText(shape []int) string {
	text := "(n"
	for _, d := range shape {
		if d < 0 {
			text += ",any"
		} else {
			text += "," + strconv.Itoa(d)
		}
	}
	return text + ")"
}

func reference(name string) object { return object{"$ref": "#/components/schemas/" + name} }
