package serve

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
	output []T
	out    []int  // shape of the output for one sample
	text   []byte // the answer's body

	raw     []map[string]any // the samples as raw rows instead of input and shape, if the request has them
	answers []graph.Answer   // their predictions

	turn chan turn // ends the wait, see gatherer
	slot *slot[T]  // the slot it got if it leads
	err  error     // why there is no output
}

func newTask[T float]() *task[T] { return &task[T]{turn: make(chan turn, 1)} }

// read reads the body and sets the input to its samples, each of the given shape, whose dimensions may be graph.Any.
func (t *task[T]) read(w http.ResponseWriter, r *http.Request, v *served, shape []int, c *Config) *requestError {
	f, failed := bodyFormat(r.Header.Get("Content-Type"), v.picture != nil)
	if failed != nil {
		return failed
	}
	body := bytes.NewBuffer(t.body[:0])
	body.Grow(int(min(max(r.ContentLength, 0), c.MaxBody, 1<<20)) + bytes.MinRead) // the client's ContentLength is not trusted
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, c.MaxBody))
	t.body = body.Bytes()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &requestError{413, fmt.Sprintf("body: got more than %d bytes, want at most %d", large.Limit, large.Limit)}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &requestError{408, fmt.Sprintf("body: got no end within %v, want all of it", c.Timeout)}
	case err != nil:
		return &requestError{400, "body: " + err.Error()}
	}
	readDone(w)
	t.raw, t.answers = nil, nil
	t.shape = append(t.shape[:0], shape...)
	switch {
	case f == jsonFormat && hasRows(t.body):
		t.raw, failed = v.decodeRows(t.body, c.MaxRows)
		t.rows, t.shape = len(t.raw), t.shape[:0]
		return failed
	case f == npyFormat:
		failed = t.array(shape, c.MaxRows)
	case f == pictureFormat:
		return t.picture(r.Context(), v, c.Timeout)
	default:
		t.space, t.rows, failed = decode(t.body, t.shape, c.MaxRows, t.space)
		t.input = t.space
	}
	if failed != nil {
		return failed
	}
	for i, d := range shape {
		if n := t.shape[i]; d == graph.Any && n > c.MaxSize {
			return &requestError{413, fmt.Sprintf("inputs: got samples of shape %v, want at most %d in dimension %d", t.shape, c.MaxSize, i)}
		}
	}
	return nil
}

// finite returns an error for the first number of the input that is not finite.
func (t *task[T]) finite() *requestError {
	var sums [4]T // NaN if a number is not finite, else 0
	rest := t.input
	for ; len(rest) >= 4; rest = rest[4:] {
		sums[0] += rest[0] * 0
		sums[1] += rest[1] * 0
		sums[2] += rest[2] * 0
		sums[3] += rest[3] * 0
	}
	for _, v := range rest {
		sums[0] += v * 0
	}
	if sums[0]+sums[1]+sums[2]+sums[3] == 0 {
		return nil
	}
	for i, v := range t.input {
		if v-v != 0 {
			width := len(t.input) / t.rows
			return &requestError{400, fmt.Sprintf("inputs: sample %d, element %d: got %v, want a finite number", i/width, i%width, v)}
		}
	}
	return nil
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
	case len(got) == 0 || got[0] == 0 || !fits(got[1:], shape):
		return &requestError{400, fmt.Sprintf("inputs: got an array of shape %v, want one or more samples of shape %v", []int(got), shape)}
	case got[0] > most:
		return &requestError{413, fmt.Sprintf("inputs: got %d samples, want at most %d in a request", got[0], most)}
	}
	t.rows = got[0]
	t.shape = append(t.shape[:0], got[1:]...)
	data, ok := x.Data().([]T)
	if !ok {
		if t.space, err = convert(t.space, x.Data()); err != nil {
			return &requestError{400, "inputs: " + err.Error()}
		}
		data = t.space
	}
	if t.input = data; x.Dtype() == tensor.Float32 || x.Dtype() == tensor.Float64 {
		return t.finite()
	}
	return nil
}

// encode returns the answer's body and its media type: that of the given format, JSON for raw rows.
func (t *task[T]) encode(f format) (text []byte, media []string, failed *requestError) {
	shape := append([]int{t.rows}, t.out...)
	switch {
	case t.raw != nil:
		f = jsonFormat
		t.text, failed = encodeAnswers(t.answers)
	case f == npyFormat:
		b := bytes.NewBuffer(t.text[:0])
		if err := datasets.WriteNPY(b, tensor.New(tensor.WithShape(shape...), tensor.WithBacking(t.output))); err != nil {
			return nil, nil, &requestError{500, err.Error()}
		}
		t.text = b.Bytes()
	default:
		t.text, failed = encode(t.text[:0], t.output, shape)
	}
	return t.text, mediaTypes[f], failed
}
