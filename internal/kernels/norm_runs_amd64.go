//go:build !noasm

package kernels

// runForms reports whether the functions below exist.
const runForms = true

// The functions below run the form in use, which must not be Generic.

func vectorNormalizeRuns(dst, x, mean, scale, bias *float32, runs, run, ahead int) {
	if isa == AVX512 {
		normalizeRunsAVX512(dst, x, mean, scale, bias, runs, run, ahead)
	} else {
		normalizeRunsAVX2(dst, x, mean, scale, bias, runs, run, ahead)
	}
}

func vectorNormalGradRuns(dst, d, x, scale, mean, slope, shift *float32, runs, run, ahead int) {
	if isa == AVX512 {
		normalGradRunsAVX512(dst, d, x, scale, mean, slope, shift, runs, run, ahead)
	} else {
		normalGradRunsAVX2(dst, d, x, scale, mean, slope, shift, runs, run, ahead)
	}
}

func vectorPieceSums(x *float32, pieces int, total float64) float64 {
	if isa == AVX512 {
		return pieceSumsAVX512(x, pieces, total)
	}
	return pieceSumsAVX2(x, pieces, total)
}

func vectorPieceSquares(x, next *float32, pieces int, mean float32, total float64) float64 {
	if isa == AVX512 {
		return pieceSquaresAVX512(x, next, pieces, mean, total)
	}
	return pieceSquaresAVX2(x, next, pieces, mean, total)
}

func vectorRowSums(sum, dot, d, x, mean, next *float32, rows, cols int) {
	if isa == AVX512 {
		rowSumsAVX512(sum, dot, d, x, mean, next, rows, cols)
	} else {
		rowSumsAVX2(sum, dot, d, x, mean, next, rows, cols)
	}
}
