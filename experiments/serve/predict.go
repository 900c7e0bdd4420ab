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
)

// A requestError is why a request is not answered: a status and a text for whoever asked.
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
		failed = &requestError{503, fmt.Sprintf("got more than %d requests at once", s.settings.MaxRunning)}
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

// An engine answers a request for predictions and returns how many samples it has, or returns why not and leaves the answer to
// others.
type engine interface {
	answer(w http.ResponseWriter, r *http.Request) (samples int, failed *requestError)
}

// A predictor is the engine of models of an element type.
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
	switch err := p.gatherer.predict(ctx, t); {
	case errors.Is(err, context.DeadlineExceeded):
		return 0, &requestError{504, fmt.Sprintf("the prediction was not done within %v", p.settings.Timeout)}
	case err != nil:
		return 0, &requestError{500, err.Error()}
	}
	answer, failed := t.encode(to, p.model.Output())
	if failed != nil {
		return 0, failed
	}
	w.Header()["Content-Type"] = mediaTypes[to]
	w.Header()["Content-Length"] = []string{strconv.Itoa(len(answer))}
	w.Write(answer) // whoever asked may have gone, which nobody needs to know
	return t.rows, nil
}
