package kernels

// The functions of this file see x as (outer, groups, inner), and work on the groups from lo up to hi, so that workers can share
// the groups out: a group has outer·inner elements, in pieces of inner neighbours. Sums of many elements are in double precision.

// Moments sets mean[g] to the mean of group g, and variance[g] to the mean square of the distance from that, for groups from
// lo up to hi.
func Moments[T Float](mean, variance, x []T, outer, groups, inner, lo, hi int) {
	if inner == 1 {
		columnMoments(mean, variance, x, outer, groups, lo, hi)
		return
	}
	n := float64(outer * inner)
	for g := lo; g < hi; g++ {
		var sum, squares tally[T]
		for o := range outer {
			sum.add(x[(o*groups+g)*inner:][:inner])
		}
		s, _ := sum.sums()
		mean[g] = T(s / n)
		for o := range outer {
			squares.addSquares(x[(o*groups+g)*inner:][:inner], mean[g])
		}
		s, _ = squares.sums()
		variance[g] = T(s / n)
	}
}

func columnMoments[T Float](mean, variance, x []T, rows, cols, lo, hi int) {
	n := T(rows)
	columnSums(ofColumns, mean, nil, nil, x, nil, nil, rows, cols, lo, hi)
	DivScalar(mean[lo:hi], mean[lo:hi], n)
	columnSums(ofSquares, variance, nil, nil, x, mean, nil, rows, cols, lo, hi)
	DivScalar(variance[lo:hi], variance[lo:hi], n)
}

// Dots sets sum[g] to Σ d of group g, and dot[g] to Σ d·(x-mean[g]), for groups from lo up to hi.
func Dots[T Float](sum, dot, d, x, mean []T, outer, groups, inner, lo, hi int) {
	if inner == 1 {
		columnSums(ofDots, sum, dot, d, x, mean, nil, outer, groups, lo, hi)
		return
	}
	for g := lo; g < hi; g++ {
		var t tally[T]
		for o := range outer {
			at := (o*groups + g) * inner
			t.addDots(d[at:][:inner], x[at:][:inner], mean[g])
		}
		a, b := t.sums()
		sum[g], dot[g] = T(a), T(b)
	}
}

// RowDots sets sum[i] to Σ d·w of row i, and dot[i] to Σ d·w·(x-mean[i]), for rows from lo up to hi of as many elements as w
// has.
func RowDots[T Float](sum, dot, d, x, mean, w []T, lo, hi int) {
	cols := len(w)
	for i := lo; i < hi; i++ {
		var t tally[T]
		t.addRowDots(d[i*cols:][:cols], x[i*cols:][:cols], w, mean[i])
		a, b := t.sums()
		sum[i], dot[i] = T(a), T(b)
	}
}

// ColumnDots sets sum[j] to Σ d of column j, and dot[j] to Σ d·(x-mean[i])·scale[i] over the rows i, for columns from lo up to
// hi; there are as many rows as mean has elements.
func ColumnDots[T Float](sum, dot, d, x, mean, scale []T, cols, lo, hi int) {
	columnSums(ofRowDots, sum, dot, d, x, mean, scale, len(mean), cols, lo, hi)
}
