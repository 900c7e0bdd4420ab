package ops

import "slices"

// shortestRun is the fewest elements for which a chain is done run by run.
const shortestRun = 64

// run returns how many neighbouring elements of an output of so many every input either has as neighbours or repeats one
// element for: such as those of a channel, beside numbers for each channel. It is 0 if that would be no use.
func run(layouts []layout, size int) int {
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

// A runInput is a layout seen as runs.
type runInput struct {
	stride int   // from element to element of a run: 1, or 0 for an input that repeats one
	length int   // of a run, if the input has them one behind the other: it is as large as the output
	places []int // else where each run begins, up to the one from which on they repeat
}

func newRunInput(l layout, run int) runInput {
	if l.full() {
		return runInput{stride: 1, length: run}
	}
	last := len(l.dims) - 1
	r := runInput{stride: l.strides[last]}
	dims, strides := slices.Clone(l.dims), slices.Clone(l.strides)
	dims[last], strides[last] = l.dims[last]/run, l.strides[last]*run
	if strides[0] == 0 {
		dims, strides = dims[1:], strides[1:]
	}
	r.places = make([]int, Size(dims))
	for i := range r.places {
		rest := i
		for d := len(dims) - 1; d >= 0; d-- {
			r.places[i] += rest % dims[d] * strides[d]
			rest /= dims[d]
		}
	}
	return r
}

// begin returns where the run of the given number begins.
func (r *runInput) begin(run int) int {
	if r.places == nil {
		return run * r.length
	}
	return r.places[run%len(r.places)]
}
