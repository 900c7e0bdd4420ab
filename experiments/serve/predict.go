package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// A requestError is an error of a request, with the HTTP status of the answer.
type requestError struct {
	code int
	text string
}

// writeError answers with {"error": text}.
func writeError(w http.ResponseWriter, e *requestError) {
	w.Header().Set("Content-Type", "application/json")
	if e.code == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.WriteHeader(e.code)
	json.NewEncoder(w).Encode(map[string]string{"error": e.text})
}

// handlePredict answers POST /predict.
func (s *server) handlePredict(w http.ResponseWriter, r *http.Request) {
	begin := time.Now()
	samples, failed := 0, (*requestError)(nil)
	if s.measures.running.Add(1) > int64(s.settings.MaxRunning) {
		failed = &requestError{503, fmt.Sprintf("got more than %d requests at once, want at most %d", s.settings.MaxRunning, s.settings.MaxRunning)}
	} else {
		samples, failed = s.engine.answer(w, r)
	}
	code := 200
	if failed != nil {
		code = failed.code
		writeError(w, failed)
	}
	s.measures.running.Add(-1)
	s.measures.done(code, samples, time.Since(begin))
}

// An engine answers a request for predictions and returns its number of samples. On an error it writes nothing, and the caller
// answers.
type engine interface {
	answer(w http.ResponseWriter, r *http.Request) (samples int, failed *requestError)
}

// A predictor is the engine for models of element type T.
type predictor[T float] struct {
	model    model
	settings settings
	gatherer *gatherer[T]
	tasks    sync.Pool // of *task[T]
}

func newPredictor[T float](m model, s settings, count func(samples int)) *predictor[T] {
	return &predictor[T]{model: m, settings: s, gatherer: newGatherer[T](m, s.Gather, count)}
}

func (p *predictor[T]) answer(w http.ResponseWriter, r *http.Request) (int, *requestError) {
	from, failed := bodyFormat(r.Header.Get("Content-Type"))
	if failed != nil {
		return 0, failed
	}
	to := answerFormat(r.Header["Accept"])
	t, _ := p.tasks.Get().(*task[T])
	if t == nil {
		t = newTask[T]()
	}
	defer p.tasks.Put(t)
	if failed := t.read(w, r, from, p.model.Input(), p.settings); failed != nil {
		return 0, failed
	}
	ctx, cancel := context.WithTimeout(r.Context(), p.settings.Timeout)
	defer cancel()
	var err error
	var text []byte
	if t.raw != nil {
		text, err = answerRows(ctx, p.model, t.raw)
	} else {
		err = p.gatherer.predict(ctx, t)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return 0, &requestError{504, fmt.Sprintf("got no prediction within %v", p.settings.Timeout)}
	case errors.Is(err, graph.ErrInput):
		return 0, &requestError{400, err.Error()}
	case err != nil:
		return 0, &requestError{500, err.Error()}
	}
	if t.raw != nil {
		to = jsonFormat
	} else if text, failed = t.encode(to); failed != nil {
		return 0, failed
	}
	w.Header()["Content-Type"] = mediaTypes[to]
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(text))}
	w.Write(text) // an error means that the client has gone
	return t.rows, nil
}
