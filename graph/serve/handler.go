package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph"
)

// A Handler answers requests for a model's predictions; the package's comment says which. Its methods are safe for concurrent use.
// Like any http.Handler it needs a server with time limits of its own for headers and idle connections; for bodies and answers
// Config.Timeout replaces those of the server. New makes it; the zero value answers every request with an error.
type Handler struct {
	config   Config
	mux      *http.ServeMux
	paths    []string
	served   atomic.Pointer[served]
	measures measures
	streams  sessions
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
	h.route()
	return h, nil
}

// route sets the handlers of all paths. Errors of the path or the method are JSON too.
func (h *Handler) route() {
	var paths []string
	for _, r := range []struct {
		path    string
		methods map[string]http.HandlerFunc
	}{
		{"/predict", map[string]http.HandlerFunc{"POST": h.predict}},
		{"/streams", map[string]http.HandlerFunc{"POST": h.beginStream}},
		{"/streams/{id}", map[string]http.HandlerFunc{"POST": h.nextPiece, "DELETE": h.endStream}},
		{"/{$}", map[string]http.HandlerFunc{"GET": h.shapes}},
		{"/openapi.json", map[string]http.HandlerFunc{"GET": h.openAPI}},
		{"/healthz", map[string]http.HandlerFunc{"GET": h.health}},
		{"/metrics", map[string]http.HandlerFunc{"GET": h.metrics}},
	} {
		for method, do := range r.methods {
			h.mux.HandleFunc(method+" "+r.path, do)
		}
		methods := strings.Join(slices.Sorted(maps.Keys(r.methods)), ", ")
		h.mux.HandleFunc(r.path, h.refuse(http.StatusMethodNotAllowed, "method", methods, methods))
		paths = append(paths, strings.TrimSuffix(r.path, "{$}"))
	}
	h.mux.HandleFunc("/", h.refuse(http.StatusNotFound, "path", strings.Join(paths, ", "), ""))
	h.paths = paths
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.mux == nil {
		http.Error(w, errNoHandler.Error(), http.StatusInternalServerError)
		return
	}
	h.mux.ServeHTTP(w, r)
}

var errNoHandler = errors.New("got the zero Handler, want one from New")

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
	s := h.served.Load()
	about := map[string]any{"input": s.model.Input(), "output": s.model.Output(), "max_samples": h.config.MaxRows}
	if s.classes != nil {
		about["classes"] = s.classes
	}
	h.sendJSON(w, http.StatusOK, about)
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
