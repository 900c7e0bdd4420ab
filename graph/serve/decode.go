package serve

import (
	"bytes"
	"fmt"

	"github.com/nndiy/nndiy/graph"
)

// A float is a model's element type.
type float interface{ float32 | float64 }

// A decoder reads a request's body, {"inputs": [sample, ...]}, where a sample is an array of numbers nested as the model's
// input has dimensions. It exists because encoding/json would take several times as long as the prediction of a small network.
// After an error, its methods do nothing.
type decoder[T float] struct {
	src  []byte
	at   int
	err  *requestError
	data []T
	rows int
	most int // maximum number of rows
}

// decode returns the samples of a body and their number, at most most. It reuses the memory of data, which may be nil. It sets the
// dimensions of shape that are graph.Any to their sizes in the first sample, which those of all samples are.
func decode[T float](src []byte, shape []int, most int, data []T) ([]T, int, *requestError) {
	d := &decoder[T]{src: src, data: data[:0], most: most}
	d.want('{', "the object {\"inputs\": [...]}")
	if key := "\"inputs\""; d.peek() == '"' && len(d.src)-d.at >= len(key) && string(d.src[d.at:d.at+len(key)]) == key {
		d.at += len(key)
	} else {
		d.fail("the key \"inputs\"")
	}
	d.want(':', "a colon")
	d.want('[', "an array of samples")
	if d.peek() == ']' {
		d.fail("at least one sample")
	}
	for d.err == nil {
		if d.rows == d.most {
			d.err = &requestError{413, fmt.Sprintf("got more than %d samples, want at most %d in a request", d.most, d.most)}
			break
		}
		d.sample(shape)
		d.rows++
		if !d.more() {
			break
		}
	}
	d.want('}', "the end of the object, which has no other key")
	if d.peek(); d.err == nil && d.at < len(d.src) {
		d.fail("nothing after the object")
	}
	return d.data, d.rows, d.err
}

// fail records an error at the current byte, unless there is one already.
func (d *decoder[T]) fail(want string) {
	if d.err != nil {
		return
	}
	got := "the end"
	if d.at < len(d.src) {
		got = fmt.Sprintf("%.16q", d.src[d.at:])
	}
	where := ""
	if d.rows > 0 {
		where = fmt.Sprintf("sample %d, ", d.rows)
	}
	d.err = &requestError{400, fmt.Sprintf("%sbyte %d: got %s, want %s", where, d.at, got, want)}
}

// peek skips white space and returns the next byte, or 0 at the end.
func (d *decoder[T]) peek() byte {
	if d.at = skip(d.src, d.at); d.at < len(d.src) {
		return d.src[d.at]
	}
	return 0
}

// want reads the byte c; what describes it in the error.
func (d *decoder[T]) want(c byte, what string) {
	if d.peek() != c {
		d.fail(what)
	}
	d.at++
}

// more reads what follows an element of an array, and reports whether it is a comma, not the array's end.
func (d *decoder[T]) more() bool {
	switch d.peek() {
	case ',':
		d.at++
		return d.err == nil
	case ']':
		d.at++
		return false
	}
	d.fail("a comma or the array's end")
	return false
}

// sample reads an array of the given shape.
func (d *decoder[T]) sample(shape []int) {
	if shape[0] == graph.Any {
		d.want('[', "an array")
	} else {
		d.want('[', fmt.Sprintf("an array of %d elements, as in the model's input", shape[0]))
	}
	if d.err != nil {
		return
	}
	n := 0
	if len(shape) == 1 {
		if shape[0] == graph.Any { // numbers returns an error if the array has another end
			end := max(bytes.IndexByte(d.src[d.at:], ']'), 0)
			shape[0] = bytes.Count(d.src[d.at:][:end], []byte{','}) + 1
		}
		n = d.numbers(shape[0])
	} else {
		for more := d.peek() != ']'; more; more = d.more() {
			if n == shape[0] {
				d.fail(fmt.Sprintf("the end of an array of %d elements", shape[0]))
			}
			d.sample(shape[1:])
			n++
		}
		if d.err == nil && shape[0] == graph.Any {
			shape[0] = max(n, 1)
		}
	}
	if d.err == nil && n < shape[0] {
		d.at--
		d.fail(fmt.Sprintf("%d elements, not the array's end after %d", shape[0], n))
	}
}
