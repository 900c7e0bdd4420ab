package kernels

// The functions in this file compute sums of many rows in one call, with the bits of tallies.

// rowForm reports whether kernels compute the sums of rows of n elements: whole lanes, and a single piece of a tally.
func rowForm[T Float](n int) bool {
	return pairForms && vectorised[T](n) && n%sumLanes == 0 && n <= sumPiece
}

// rowMoments is Moments of rows of n elements: those of the groups [lo, hi), except the last one if their number is odd. It returns
// where it has stopped.
func rowMoments[T Float](mean, variance, x []T, n, lo, hi int) int {
	rows := (hi - lo) &^ 1
	if rows == 0 || !rowForm[T](n) {
		return lo
	}
	to := lo + rows
	vectorRowMoments(pointer(mean[lo:to]), pointer(variance[lo:to]), pointer(x[lo*n:to*n]), rows, n)
	return to
}

// rowSums is Dots of rows of n elements, and rowMoments in what it leaves out.
func rowSums[T Float](sum, dot, d, x, mean, next []T, n, lo, hi int) int {
	rows := (hi - lo) &^ 1
	if rows == 0 || !rowForm[T](n) {
		return lo
	}
	to := lo + rows
	vectorRowSums(pointer(sum[lo:to]), pointer(dot[lo:to]), pointer(d[lo*n:to*n]), pointer(x[lo*n:to*n]), pointer(mean[lo:to]), pointer(next[lo*n:to*n]), rows, n)
	return to
}

// rowDots is RowDots, and rowMoments in what it leaves out.
func rowDots[T Float](sum, dot, d, x, mean, w []T, lo, hi int) int {
	n, rows := len(w), (hi-lo)&^1
	if rows == 0 || !rowForm[T](n) {
		return lo
	}
	to := lo + rows
	vectorRowDots(pointer(sum[lo:to]), pointer(dot[lo:to]), pointer(d[lo*n:to*n]), pointer(x[lo*n:to*n]), pointer(mean[lo:to]), pointer(w), rows, n)
	return to
}

// rowDotsColumns sets the sums of addRowDots over the rows of a stripe, one for each element of mean, for as many columns as it can, and
// returns their number. Rows of d and x are stride apart.
func rowDotsColumns[T Float](sum, dot, d, x, mean, scale []T, stride int) int {
	const width = 32
	cols := len(sum) / width * width
	if cols == 0 || !pairForms || !vectorised[T](cols) || len(mean) == 0 {
		return 0
	}
	last := (len(mean)-1)*stride + cols
	_, _, _, _, _ = d[last-1], x[last-1], sum[cols-1], dot[cols-1], scale[len(mean)-1]
	for j := 0; j < cols; j += width {
		vectorRowDotsStrip(pointer(sum[j:]), pointer(dot[j:]), pointer(d[j:]), pointer(x[j:]), pointer(mean), pointer(scale), len(mean), stride)
	}
	return cols
}
