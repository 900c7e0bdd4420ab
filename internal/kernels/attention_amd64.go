//go:build !noasm

package kernels

// vectorRows reports whether the functions below support elements of type T.
func vectorRows[T Float](n int) bool { return vectorised[T](n) }

// vectorVectors reports whether the functions of vectors below support elements of type T.
func vectorVectors[T Float](n int) bool { return vectorised[T](n) }

func vectorScaleRows(x *float32, stride, rows, n int, stats *float32) {
	if isa == AVX512 {
		scaleRowsAVX512(x, stride, rows, n, stats)
	} else {
		scaleRowsAVX2(x, stride, rows, n, stats)
	}
}

func vectorScaleDotRows(dst, x, y *float32, xStride, yStride, rows, n int, stats, dots *float32) {
	if isa == AVX512 {
		scaleDotRowsAVX512(dst, x, y, xStride, yStride, rows, n, stats, dots)
	} else {
		scaleDotRowsAVX2(dst, x, y, xStride, yStride, rows, n, stats, dots)
	}
}

func vectorWeighRows(scores *float32, stride, rows, width, seen, step int, sums, factors *float32) {
	if isa == AVX512 {
		weighRowsAVX512(scores, stride, rows, width, seen, step, sums, factors)
	} else {
		weighRowsAVX2(scores, stride, rows, width, seen, step, sums, factors)
	}
}

func vectorScoreGradRows(scores, grads *float32, stride, rows, width, seen, step int, stats, dots *float32) {
	if isa == AVX512 {
		scoreGradRowsAVX512(scores, grads, stride, rows, width, seen, step, stats, dots)
	} else {
		scoreGradRowsAVX2(scores, grads, stride, rows, width, seen, step, stats, dots)
	}
}
