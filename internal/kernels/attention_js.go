//go:build !noasm

package kernels

// vectorRows reports whether the functions below support elements of type T.
func vectorRows[T Float](n int) bool { return vectorised[T](n) }

func vectorWeighRows(scores *float32, stride, rows, width, seen, step int, sums, factors *float32) {
	simdWeighRows.scores(stride, rows, width, seen, step, scores, sums, factors)
}

func vectorScoreGradRows(scores, grads *float32, stride, rows, width, seen, step int, stats, dots *float32) {
	simdScoreGradRows.scores(stride, rows, width, seen, step, scores, grads, stats, dots)
}

// scores calls a kernel on rows of scores.
func (k simdKernel) scores(stride, rows, width, seen, step int, pointers ...*float32) {
	c := simdBegin()
	c.set(4*stride, pointers)
	c.ints[1], c.ints[2], c.ints[3], c.ints[4] = rows, width, seen, step
	k.invoke()
	simd.mu.Unlock()
}
