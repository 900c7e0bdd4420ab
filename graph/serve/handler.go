package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph"
)

// A Handler answers requests for a model's predictions; the package's comment says which. Its methods are safe for concurrent use.
// Like any http.Handler it needs a server with time limits of its own for headers and idle connections; for bodies and answers
// Config.Timeout replaces those of the server.
type Handler struct {
	config   Config
	mux      *http.ServeMux
	served   atomic.Pointer[served]
	measures measures
	stopping atomic.Bool
	decoding chan struct{} // see served
}

// New returns a Handler. It makes a few predictions, to check the model and to find out whether samples can be predicted together.
// A model of several inputs is an error; of several outputs, the main one is answered.
func New(m *graph.Model, c Config) (*Handler, error) {
	if m == nil {
		return nil, fmt.Errorf("serve: New: got no model, want one")
	}
	return newHandler(m, c)
}

func newHandler(m model, c Config) (*Handler, error) {
	c, err := c.complete()
	if err != nil {
		return nil, fmt.Errorf("serve: Config: %w", err)
	}
	h := &Handler{config: c, mux: http.NewServeMux(), decoding: make(chan struct{}, runtime.GOMAXPROCS(0))}
	s, err := h.serve(m)
	if err != nil {
		return nil, fmt.Errorf("serve: New: %w", err)
	}
	h.served.Store(s)
	var paths []string
	for _, r := range []struct {
		method, path string
		do           http.HandlerFunc
	}{
		{"POST", "/predict", h.predict},
		{"GET", "/{$}", h.shapes},
		{"GET", "/openapi.json", h.openAPI},
		{"GET", "/healthz", h.health},
		{"GET", "/metrics", h.metrics},
	} {
		h.mux.HandleFunc(r.method+" "+r.path, r.do)
		h.mux.HandleFunc(r.path, h.refuse(http.StatusMethodNotAllowed, "method", r.method, r.method))
		paths = append(paths, strings.TrimSuffix(r.path, "{$}"))
	}
	h.mux.HandleFunc("/", h.refuse(http.StatusNotFound, "path", strings.Join(paths, ", "), ""))
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.mux.ServeHTTP(w, r) }

// Stop lets GET /healthz answer 503, so that a load balancer sends its requests elsewhere. Requests are still answered; call it
// before http.Server.Shutdown, which waits for those under way.
func (h *Handler) Stop() { h.stopping.Store(true) }

// refuse answers with an error about the method or the path.
func (h *Handler) refuse(code int, what, want, allow string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got := r.URL.Path
		if allow != "" {
			got = r.Method
			w.Header().Set("Allow", allow)
		}
		h.fail(w, &requestError{code, fmt.Sprintf("%s: got %.64q, want %s", what, got, want)})
	}
}

func (h *Handler) health(w http.ResponseWriter, _ *http.Request) {
	if h.stopping.Load() {
		h.fail(w, &requestError{http.StatusServiceUnavailable, "the server is stopping"})
		return
	}
	h.send(w, http.StatusOK, []string{"text/plain; charset=utf-8"}, []byte("ok\n"))
}

func (h *Handler) shapes(w http.ResponseWriter, _ *http.Request) {
	m := h.served.Load().model
	h.sendJSON(w, http.StatusOK, map[string]any{"input": m.Input(), "output": m.Output(), "max_samples": h.config.MaxRows})
}

// sendJSON answers with a value as JSON.
func (h *Handler) sendJSON(w http.ResponseWriter, code int, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		code, text = http.StatusInternalServerError, []byte(`{"error":"the answer has no JSON form"}`)
	}
	h.send(w, code, mediaTypes[jsonFormat], append(text, '\n'))
}

// fail answers with {"error": text}.
func (h *Handler) fail(w http.ResponseWriter, e *requestError) {
	if e.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	h.sendJSON(w, e.code, map[string]string{"error": e.text})
}
