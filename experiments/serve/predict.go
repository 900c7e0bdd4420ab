package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"gorgonia.org/tensor"
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
	answer, _ := s.answers.Get().(*[]byte)
	if answer == nil {
		answer = new([]byte)
	}
	samples, failed := 0, (*requestError)(nil)
	if s.measures.running.Add(1) > int64(s.settings.MaxRunning) {
		failed = &requestError{503, fmt.Sprintf("got more than %d requests at once", s.settings.MaxRunning)}
	} else {
		*answer, samples, failed = s.answer(w, r, (*answer)[:0])
	}
	code := 200
	if failed != nil {
		code = failed.code
		writeError(w, failed)
	} else {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(*answer)))
		w.Write(*answer) // whoever asked may have gone, which nobody needs to know
	}
	s.answers.Put(answer)
	s.measures.running.Add(-1)
	s.measures.done(code, samples, time.Since(begin))
}

// answer reads a request, predicts, and appends the answer to out.
func (s *server) answer(w http.ResponseWriter, r *http.Request, out []byte) ([]byte, int, *requestError) {
	if text := r.Header.Get("Content-Type"); text != "" {
		if kind, _, err := mime.ParseMediaType(text); err != nil || kind != "application/json" {
			return out, 0, &requestError{415, fmt.Sprintf("got a body of type %.64q, want application/json", text)}
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.settings.Timeout)
	defer cancel()
	buf, _ := s.bodies.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	defer s.bodies.Put(buf)
	body := bytes.NewBuffer((*buf)[:0])
	body.Grow(int(min(max(r.ContentLength, 0), s.settings.MaxBody, 1<<20)) + bytes.MinRead) // what it tells is not trusted
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, s.settings.MaxBody))
	*buf = body.Bytes()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return out, 0, &requestError{413, fmt.Sprintf("got a body of more than %d bytes", large.Limit)}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return out, 0, &requestError{408, fmt.Sprintf("the body did not come within %v", s.settings.Timeout)}
	case err != nil:
		return out, 0, &requestError{400, "reading the body: " + err.Error()}
	}
	return s.predict(ctx, *buf, out)
}

// A predictFunc predicts the samples of a body and appends the answer to out; it returns how many samples there are.
type predictFunc func(ctx context.Context, body, out []byte) ([]byte, int, *requestError)

// predictor returns a predictFunc for models of an element type. Its memory is used again by later calls.
func predictor[T float](m model, s settings) predictFunc {
	var inputs sync.Pool // of *[]T
	shape := m.Input()
	return func(ctx context.Context, body, out []byte) ([]byte, int, *requestError) {
		data, _ := inputs.Get().(*[]T)
		if data == nil {
			data = new([]T)
		}
		defer inputs.Put(data)
		list, rows, failed := decode(body, shape, s.MaxSamples, *data)
		if *data = list; failed != nil {
			return out, 0, failed
		}
		y, err := m.Predict(ctx, tensor.New(tensor.WithShape(append([]int{rows}, shape...)...), tensor.WithBacking(list)))
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return out, 0, &requestError{504, fmt.Sprintf("the prediction was not done within %v", s.Timeout)}
		case err != nil:
			return out, 0, &requestError{500, err.Error()}
		}
		out, failed = encode(out, y.Data().([]T), y.Shape())
		return out, rows, failed
	}
}
