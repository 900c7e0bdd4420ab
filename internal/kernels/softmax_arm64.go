//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic, on one or more rows of 1 to 16 columns.

func vectorSoftmax(dst, z *float32, rows, cols int) { softmaxNarrowNEON(dst, z, rows, cols) }

func vectorSoftmaxCEGrad(dst, z, t *float32, rows, cols int, scale float32) {
	softmaxCEGradNarrowNEON(dst, z, t, rows, cols, scale)
}

// vectorSoftmaxCE sets sums to Σ e^(z-m), Σ t and Σ t·(z-m) of each row.
func vectorSoftmaxCE(sums *[3]float64, z, t *float32, rows, cols int) {
	softmaxCENarrowNEON(z, t, rows, cols, &sums[0])
}

// vectorSoftmaxGrad returns false: rows are computed one by one.
func vectorSoftmaxGrad[T Float](_, _, _ []T, _, _ int, _ bool) bool { return false }
