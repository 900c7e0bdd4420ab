package serve

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// A streamModel is a model that may be streamed.
type streamModel interface {
	Stream() (*graph.Stream, error)
}

// A session is a stream of a client. It keeps the model with which it began.
type session struct {
	id     string
	served *served
	stream *graph.Stream
	steps  int // so far

	busy bool        // a request is under way; guarded by sessions.mu
	idle *time.Timer // ends the session
}

// sessions are the open ones.
type sessions struct {
	mu    sync.Mutex
	open  map[string]*session
	begun atomic.Bool // a client has begun one, now or before
}

// count returns the number of open sessions.
func (l *sessions) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// begin opens a session for a stream.
func (l *sessions) begin(v *served, stream *graph.Stream, c *Config) (*session, *requestError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.open) >= c.MaxStreams {
		return nil, &requestError{503, fmt.Sprintf("streams: got more than %d at once, want at most %d", c.MaxStreams, c.MaxStreams)}
	}
	if l.open == nil {
		l.open = map[string]*session{}
	}
	s := &session{id: rand.Text(), served: v, stream: stream}
	s.idle = time.AfterFunc(c.StreamIdle, func() { l.end(s.id, true) })
	l.open[s.id] = s
	l.begun.Store(true)
	return s, nil
}

// take returns a session for a request, and release ends the request.
func (l *sessions) take(id string) (*session, *requestError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, failed := l.find(id)
	switch {
	case failed != nil:
		return nil, failed
	case s.busy:
		return nil, &requestError{409, fmt.Sprintf("stream %.32q: got two requests at once, want one after the other", id)}
	}
	s.busy = true
	s.idle.Stop()
	return s, nil
}

func (l *sessions) find(id string) (*session, *requestError) {
	s := l.open[id]
	if s == nil {
		return nil, &requestError{404, fmt.Sprintf("stream %.32q: got an unknown stream or one that has ended, want one that POST /streams began", id)}
	}
	return s, nil
}

func (l *sessions) release(s *session, c *Config) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.busy = false
	if l.open[s.id] == s {
		s.idle.Reset(c.StreamIdle)
	}
}

// end ends a session; idle says that it is for having no request.
func (l *sessions) end(id string, idle bool) *requestError {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, failed := l.find(id)
	if failed != nil || idle && s.busy {
		return failed
	}
	s.idle.Stop()
	delete(l.open, id)
	return nil
}

// begin returns a stream of the model.
func (s *served) begin() (*graph.Stream, error) {
	m, ok := s.model.(streamModel)
	if !ok {
		return nil, errors.New("got a model that cannot be streamed, want one with Stream")
	}
	stream, err := m.Stream()
	if err != nil {
		return nil, fmt.Errorf("got a model that cannot be streamed: %w", err)
	}
	return stream, nil
}

// beginStream answers POST /streams.
func (h *Handler) beginStream(w http.ResponseWriter, r *http.Request) {
	h.limited(w, func() (answer, *requestError) {
		v := h.served.Load()
		stream, err := v.begin()
		if err != nil {
			return answer{}, &requestError{404, "streams: " + err.Error()}
		}
		s, failed := h.streams.begin(v, stream, &h.config)
		if failed != nil {
			return answer{}, failed
		}
		return streamAnswer(s.id), nil
	})
}

// endStream answers DELETE /streams/{id}.
func (h *Handler) endStream(w http.ResponseWriter, r *http.Request) {
	h.limited(w, func() (answer, *requestError) {
		id := r.PathValue("id")
		return streamAnswer(id), h.streams.end(id, false)
	})
}

// streamAnswer is {"stream": id}.
func streamAnswer(id string) answer {
	text, _ := json.Marshal(map[string]string{"stream": id}) // a string has a JSON form
	return answer{media: mediaTypes[jsonFormat], text: append(text, '\n'), release: func() {}}
}

// nextPiece answers POST /streams/{id}.
func (h *Handler) nextPiece(w http.ResponseWriter, r *http.Request) {
	h.limited(w, func() (answer, *requestError) {
		s, failed := h.streams.take(r.PathValue("id"))
		if failed != nil {
			return answer{}, failed
		}
		defer h.streams.release(s, &h.config)
		return s.served.engine.next(w, r, s)
	})
}

// pieceShape returns the shape of a sample of a piece, and which dimension is the time: as graph.Model.Stream says, the first one that
// is graph.Any, or else the first one.
func (s *served) pieceShape() (shape []int, time int) {
	shape = s.model.Input()
	time = max(slices.Index(shape, graph.Any), 0)
	shape[time] = graph.Any
	return shape, time
}

// next returns the answer for the next piece of a stream.
func (p *predictor[T]) next(w http.ResponseWriter, r *http.Request, s *session) (answer, *requestError) {
	shape, time := s.served.pieceShape()
	plain := &served{model: p.served.model} // takes no pictures
	return p.with(func(a *answer, t *task[T]) *requestError {
		return p.fill(a, t, w, r, plain, shape, func(ctx context.Context, t *task[T]) error {
			if t.raw != nil {
				return &inputError{`body: got "rows" for a stream, want "inputs"`}
			}
			n := t.shape[time]
			if s.steps+n > p.config.MaxSteps {
				return &inputError{fmt.Sprintf("inputs: got %d time steps after %d, want at most %d in a stream", n, s.steps, p.config.MaxSteps)}
			}
			y, err := s.stream.Next(ctx, inputOf(t.rows, t.shape, t.input))
			if err != nil {
				return err
			}
			s.steps += n
			t.out = append(t.out[:0], y.Shape()[1:]...)
			t.output = y.Data().([]T)
			return nil
		})
	})
}

// An inputError is an error of a request that is found while it is answered.
type inputError struct{ text string }

func (e *inputError) Error() string        { return e.text }
func (e *inputError) Is(target error) bool { return target == graph.ErrInput }
