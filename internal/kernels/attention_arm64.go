//go:build !noasm

package kernels

// vectorRows reports whether the functions below support elements of type T.
func vectorRows[T Float](n int) bool { return vectorised[T](n) }

func vectorWeighRows(scores *float32, stride, rows, width, seen, step int, sums, factors *float32) {
	weighRowsNEON(scores, stride, rows, width, seen, step, sums, factors)
}

func vectorScoreGradRows(scores, grads *float32, stride, rows, width, seen, step int, stats, dots *float32) {
	scoreGradRowsNEON(scores, grads, stride, rows, width, seen, step, stats, dots)
}
