package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A model is the model to serve; *graph.Model implements it.
type model interface {
	Predict(ctx context.Context, x *tensor.Dense) (*tensor.Dense, error)
	Input() []int  // shape of one sample, whose dimensions may be graph.Any
	Output() []int // shape of the output for one sample
}

// settings are the limits of a server.
type settings struct {
	MaxBody    int64         // size of a request's body, in bytes
	MaxSamples int           // samples in a request
	MaxSize    int           // size of a dimension that is graph.Any; 0 means no limit
	MaxRunning int           // requests at once; others get status 503
	Timeout    time.Duration // to read a request, and again to answer it
	Gather     int           // samples of waiting requests predicted as one batch; 0 means each request by itself
}

// A server answers requests for predictions. An answer does not depend on other requests, see gatherer.
type server struct {
	model    model
	settings settings
	engine   engine // for the model's element type
	measures measures
	stopping atomic.Bool
}

// newServer returns a server. It makes one prediction, to check the model and find its element type.
func newServer(m model, s settings) (*server, error) {
	for _, c := range []struct {
		name  string
		value int64
	}{{"max-body", s.MaxBody}, {"max-samples", int64(s.MaxSamples)}, {"max-running", int64(s.MaxRunning)}, {"timeout", int64(s.Timeout)}} {
		if c.value < 1 {
			return nil, fmt.Errorf("-%s: got %d, want more than 0", c.name, c.value)
		}
	}
	if s.Gather < 0 {
		return nil, fmt.Errorf("-gather: got %d, want 0 or more", s.Gather)
	}
	if s.MaxSize < 0 {
		return nil, fmt.Errorf("-max-size: got %d, want 0 or more", s.MaxSize)
	}
	y, _, err := example(m)
	if err != nil {
		return nil, fmt.Errorf("first prediction: %w", err)
	}
	v := &server{model: m, settings: s}
	if y.Dtype() == tensor.Float32 {
		v.engine = newPredictor[float32](m, s, v.measures.batch)
	} else {
		v.engine = newPredictor[float64](m, s, v.measures.batch)
	}
	return v, nil
}

// example returns a prediction of one sample of zeros, and the sample's shape. For dimensions that are graph.Any it tries sizes.
func example(m model) (y *tensor.Dense, shape []int, err error) {
	for _, size := range []int{16, 32, 64, 128, 256, 512, 96, 224, 8, 4, 2, 1} {
		shape = m.Input()
		for i, d := range shape {
			if d == graph.Any {
				shape[i] = size
			}
		}
		x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(append([]int{1}, shape...)...))
		if y, err = m.Predict(context.Background(), x); err == nil || !slices.Contains(m.Input(), graph.Any) {
			break
		}
	}
	return y, shape, err
}

// handler returns the handler of all paths.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /predict", s.handlePredict)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if s.stopping.Load() {
			writeError(w, &requestError{503, "the server is stopping"})
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		s.measures.write(w)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"input": s.model.Input(), "output": s.model.Output(), "max_samples": s.settings.MaxSamples})
	})
	return mux
}

// serve answers requests until the context ends. Then it stops accepting, and waits up to the timeout for the requests under
// way.
func (s *server) serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: min(s.settings.Timeout, 10*time.Second),
		ReadTimeout:       s.settings.Timeout,
		WriteTimeout:      2 * s.settings.Timeout, // counts from the end of the request's header
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- h.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.settings.Timeout)
	defer cancel()
	err := h.Shutdown(limit)
	if err != nil {
		h.Close()
		err = fmt.Errorf("stopping: %w", err)
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
