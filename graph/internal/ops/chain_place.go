package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// shortestRun is the smallest run for which a chain is computed run by run.
const shortestRun = 64

// runLength returns the length of the runs into which an output of size elements divides: during a run, every input either
// has neighbouring elements too or repeats a single one, as a scale does for the elements of its channel. It returns 0 if
// computing run by run would not help.
func runLength(layouts []layout, size int) int {
	n, numbers := size, false
	for _, l := range layouts {
		last := len(l.dims) - 1
		if l.strides[last] > 1 {
			return 0
		}
		numbers = numbers || l.strides[last] == 0
		n = min(n, l.dims[last]) // these are products of the last dimensions, so the shortest one divides the others
	}
	if n < shortestRun || n == size && !numbers {
		return 0
	}
	return n
}

// A runInput is the layout of an input, divided into runs.
type runInput struct {
	stride int   // within a run: 1, or 0 if the input repeats one element
	length int   // from the start of a run to that of the next, if all are at equal distances
	places []int // otherwise the start of each run, up to where the starts repeat
}

func newRunInput(l layout, run int) runInput {
	if l.full() {
		return runInput{stride: 1, length: run}
	}
	last := len(l.dims) - 1
	r := runInput{stride: l.strides[last]}
	dims, strides := slices.Clone(l.dims), slices.Clone(l.strides)
	dims[last], strides[last] = l.dims[last]/run, l.strides[last]*run
	even := strides[0] != 0 // all starts are at equal distances
	if !even {
		dims, strides = dims[1:], strides[1:]
	}
	r.places = make([]int, tensors.Size(dims))
	for i := range r.places {
		rest := i
		for d := len(dims) - 1; d >= 0; d-- {
			r.places[i] += rest % dims[d] * strides[d]
			rest /= dims[d]
		}
		if i == 1 {
			r.length = r.places[i]
		}
		even = even && r.places[i] == i*r.length
	}
	if even {
		r.places = nil
	}
	return r
}
