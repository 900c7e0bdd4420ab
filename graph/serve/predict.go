package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// An answer is the answer of a request for predictions.
type answer struct {
	samples int
	media   []string
	text    []byte
	release func() // ends the use of text
}

// predict answers POST /predict.
func (h *Handler) predict(w http.ResponseWriter, r *http.Request) {
	h.limited(w, func() (answer, *requestError) { return h.served.Load().engine.answer(w, r) })
}

// limited answers a request with the given function, unless too many run, and counts it.
func (h *Handler) limited(w http.ResponseWriter, do func() (answer, *requestError)) {
	begin := time.Now()
	h.limitRead(w)
	defer h.measures.running.Add(-1)
	var a answer
	var failed *requestError
	if most := h.config.MaxRunning; h.measures.running.Add(1) > int64(most) {
		failed = &requestError{503, fmt.Sprintf("got more than %d requests at once, want at most %d", most, most)}
	} else {
		a, failed = do()
	}
	if failed != nil {
		h.measures.done(failed.code, 0, time.Since(begin))
		h.fail(w, failed)
		return
	}
	defer a.release()
	h.measures.done(http.StatusOK, a.samples, time.Since(begin))
	h.send(w, http.StatusOK, a.media, a.text)
}

// A predictor is the engine for models of element type T.
type predictor[T float] struct {
	config   *Config
	served   *served
	gatherer *gatherer[T]
	tasks    sync.Pool // of *task[T]
}

func newPredictor[T float](h *Handler, s *served) *predictor[T] {
	return &predictor[T]{config: &h.config, served: s, gatherer: newGatherer[T](s.model, h.config.Batch, h.measures.batch)}
}

func (p *predictor[T]) answer(w http.ResponseWriter, r *http.Request) (answer, *requestError) {
	return p.with(func(a *answer, t *task[T]) *requestError {
		return p.fill(a, t, w, r, p.served, p.served.model.Input(), p.gatherer.predict)
	})
}

// with returns the answer that f sets by means of a task.
func (p *predictor[T]) with(f func(a *answer, t *task[T]) *requestError) (answer, *requestError) {
	t, _ := p.tasks.Get().(*task[T])
	if t == nil {
		t = newTask[T]()
	}
	a := answer{release: func() { p.tasks.Put(t) }}
	failed := f(&a, t)
	if failed != nil {
		a.release()
	}
	return a, failed
}

// fill reads samples of a shape, predicts, and sets the answer.
func (p *predictor[T]) fill(a *answer, t *task[T], w http.ResponseWriter, r *http.Request, v *served, shape []int,
	predict func(context.Context, *task[T]) error) *requestError {
	if failed := t.read(w, r, v, shape, p.config); failed != nil {
		return failed
	}
	ctx, cancel := context.WithTimeout(r.Context(), p.config.Timeout)
	defer cancel()
	if failed := failure(predict(ctx, t), p.config); failed != nil {
		return failed
	}
	var failed *requestError
	a.samples = t.rows
	a.text, a.media, failed = t.encode(answerFormat(r.Header["Accept"]))
	return failed
}

// gone is the error of a request whose client has gone; nobody reads it, but it is counted.
var gone = &requestError{499, "the client has gone"}

// failure returns the error of a prediction as one of the request.
func failure(err error, c *Config) *requestError {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return &requestError{504, fmt.Sprintf("got no prediction within %v", c.Timeout)}
	case errors.Is(err, context.Canceled):
		return gone
	case errors.Is(err, graph.ErrInput):
		return &requestError{400, err.Error()}
	}
	return &requestError{500, err.Error()}
}
