package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// A task holds the samples of a request and their predictions, in memory that later requests reuse.
type task[T float] struct {
	body   []byte
	space  []T // memory for decoded or converted numbers
	input  []T
	shape  []int // of a sample
	rows   int
	raw    []map[string]any // the samples as raw rows, if the request has them
	output []T
	out    []int  // shape of the output for one sample
	text   []byte // the answer's body

	turn chan turn // ends the wait, see gatherer
	slot *slot[T]  // the slot it got if it leads
	err  error     // why there is no output
}

func newTask[T float]() *task[T] { return &task[T]{turn: make(chan turn, 1)} }

// read reads the body and sets the input to its samples, each of the given shape, whose dimensions may be graph.Any.
func (t *task[T]) read(w http.ResponseWriter, r *http.Request, f format, shape []int, s settings) (failed *requestError) {
	body := bytes.NewBuffer(t.body[:0])
	body.Grow(int(min(max(r.ContentLength, 0), s.MaxBody, 1<<20)) + bytes.MinRead) // the client's ContentLength is not trusted
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, s.MaxBody))
	t.body = body.Bytes()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &requestError{413, fmt.Sprintf("got a body of more than %d bytes, want at most %d", large.Limit, large.Limit)}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &requestError{408, fmt.Sprintf("got no complete body within %v", s.Timeout)}
	case err != nil:
		return &requestError{400, "reading the body: " + err.Error()}
	}
	if t.raw = nil; f == jsonFormat && hasRows(t.body) {
		t.raw, failed = decodeRows(t.body, s.MaxSamples)
		t.rows = len(t.raw)
		return failed
	}
	if t.shape = append(t.shape[:0], shape...); f == npyFormat {
		failed = t.array(shape, s.MaxSamples)
	} else {
		t.space, t.rows, failed = decode(t.body, t.shape, s.MaxSamples, t.space)
		t.input = t.space
	}
	for i, d := range shape {
		if n := t.shape[i]; failed == nil && d == graph.Any && s.MaxSize > 0 && n > s.MaxSize {
			failed = &requestError{413, fmt.Sprintf("got samples of shape %v, want at most %d in dimension %d", t.shape, s.MaxSize, i)}
		}
	}
	return failed
}

// fits reports whether a shape has the given dimensions; graph.Any stands for 1 or more.
func fits(shape, dims []int) bool {
	return slices.EqualFunc(shape, dims, func(got, want int) bool { return got == want || want == graph.Any && got >= 1 })
}

// array sets the input to the array of a body in .npy format.
func (t *task[T]) array(shape []int, most int) *requestError {
	x, err := datasets.ParseNPY(t.body, "the body")
	if err != nil {
		return &requestError{400, err.Error()}
	}
	got := x.Shape()
	switch {
	case len(got) == 0 || !fits(got[1:], shape):
		return &requestError{400, fmt.Sprintf("got an array of shape %v, want one or more samples of shape %v", []int(got), shape)}
	case got[0] > most:
		return &requestError{413, fmt.Sprintf("got %d samples, want at most %d in a request", got[0], most)}
	}
	t.rows = got[0]
	t.shape = append(t.shape[:0], got[1:]...)
	if data, ok := x.Data().([]T); ok {
		t.input = data
		return nil
	}
	numbers, err := convert(t.space, x.Data())
	if err != nil {
		return &requestError{400, err.Error()}
	}
	t.space, t.input = numbers, numbers
	return nil
}

// encode returns the answer's body.
func (t *task[T]) encode(f format) (_ []byte, failed *requestError) {
	shape := append([]int{t.rows}, t.out...)
	if f == npyFormat {
		b := bytes.NewBuffer(t.text[:0])
		if err := datasets.WriteNPY(b, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(t.output))); err != nil {
			return nil, &requestError{500, err.Error()}
		}
		t.text = b.Bytes()
		return t.text, nil
	}
	t.text, failed = encode(t.text[:0], t.output, shape)
	return t.text, failed
}
