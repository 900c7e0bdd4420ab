package kernels

// The functions in this file read x as an array of shape (outer, groups, inner). They work on the groups [lo, hi), so that
// several workers can divide the groups. A group has outer·inner elements. Sums of many elements are in double precision.

// Moments sets mean[g] to the mean and variance[g] to the variance (divided by n) of group g, for the groups [lo, hi).
func Moments[T Float](mean, variance, x []T, outer, groups, inner, lo, hi int) {
	MomentsBefore(x, mean, variance, x, outer, groups, inner, lo, hi)
}

// MomentsBefore is Moments. It may prefetch the elements of next, which has the length of x, at the places of the groups: for a caller
// that reads or writes them next.
func MomentsBefore[T Float](next, mean, variance, x []T, outer, groups, inner, lo, hi int) {
	sameLength("Moments", len(next), len(x))
	if inner == 1 {
		columnMoments(mean, variance, x, outer, groups, lo, hi)
		return
	}
	n := float64(outer * inner)
	if outer == 1 {
		lo = rowMoments(mean, variance, x, inner, lo, hi)
	}
	for ; pairs[T](inner) && hi-lo > 1; lo += 2 {
		momentsPair(mean[lo:], variance[lo:], x[lo*inner:], outer, groups, inner)
	}
	for g := lo; g < hi; g++ {
		var sum, squares tally[T]
		for o := range outer {
			sum.add(x[(o*groups+g)*inner:][:inner])
		}
		s, _ := sum.sums()
		mean[g] = T(s / n)
		for o := range outer {
			at := (o*groups + g) * inner
			squares.addSquares(x[at:][:inner], next[at:][:inner], mean[g])
		}
		s, _ = squares.sums()
		variance[g] = T(s / n)
	}
}

// momentsPair computes the first two groups of x.
func momentsPair[T Float](mean, variance, x []T, outer, groups, inner int) {
	n := float64(outer * inner)
	var a, b, c, d tally[T]
	for o := range outer {
		addPair(&a, &b, x[o*groups*inner:], inner, inner)
	}
	s, _ := a.sums()
	t, _ := b.sums()
	mean[0], mean[1] = T(s/n), T(t/n)
	for o := range outer {
		addSquaresPair(&c, &d, x[o*groups*inner:], inner, inner, mean[0], mean[1])
	}
	s, _ = c.sums()
	t, _ = d.sums()
	variance[0], variance[1] = T(s/n), T(t/n)
}

func columnMoments[T Float](mean, variance, x []T, rows, cols, lo, hi int) {
	n := T(rows)
	columnSums(ofColumns, mean, nil, nil, x, nil, nil, rows, cols, lo, hi)
	DivScalar(mean[lo:hi], mean[lo:hi], n)
	columnSums(ofSquares, variance, nil, nil, x, mean, nil, rows, cols, lo, hi)
	DivScalar(variance[lo:hi], variance[lo:hi], n)
}

// Dots sets sum[g] to Σ d and dot[g] to Σ d·(x-mean[g]) over group g, for the groups [lo, hi).
func Dots[T Float](sum, dot, d, x, mean []T, outer, groups, inner, lo, hi int) {
	DotsBefore(x, sum, dot, d, x, mean, outer, groups, inner, lo, hi)
}

// DotsBefore is Dots, and prefetches as MomentsBefore.
func DotsBefore[T Float](next, sum, dot, d, x, mean []T, outer, groups, inner, lo, hi int) {
	sameLength("Dots", len(next), len(x))
	if inner == 1 {
		columnSums(ofDots, sum, dot, d, x, mean, nil, outer, groups, lo, hi)
		return
	}
	if outer == 1 {
		lo = rowSums(sum, dot, d, x, mean, next, inner, lo, hi)
	}
	for ; pairs[T](inner) && hi-lo > 1; lo += 2 {
		var t, u tally[T]
		for o := range outer {
			at := (o*groups + lo) * inner
			addDotsPair(&t, &u, d[at:], x[at:], inner, inner, mean[lo], mean[lo+1])
		}
		a, b := t.sums()
		sum[lo], dot[lo] = T(a), T(b)
		a, b = u.sums()
		sum[lo+1], dot[lo+1] = T(a), T(b)
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

// RowDots sets sum[i] to Σ d·w and dot[i] to Σ d·w·(x-mean[i]) over row i, for the rows [lo, hi). A row has as many
// elements as w.
func RowDots[T Float](sum, dot, d, x, mean, w []T, lo, hi int) {
	cols := len(w)
	lo = rowDots(sum, dot, d, x, mean, w, lo, hi)
	for ; pairs[T](cols) && hi-lo > 1; lo += 2 {
		var t, u tally[T]
		addRowDotsPair(&t, &u, d[lo*cols:], x[lo*cols:], w, mean[lo], mean[lo+1])
		a, b := t.sums()
		sum[lo], dot[lo] = T(a), T(b)
		a, b = u.sums()
		sum[lo+1], dot[lo+1] = T(a), T(b)
	}
	for i := lo; i < hi; i++ {
		var t tally[T]
		t.addRowDots(d[i*cols:][:cols], x[i*cols:][:cols], w, mean[i])
		a, b := t.sums()
		sum[i], dot[i] = T(a), T(b)
	}
}

// ColumnDots sets sum[j] to Σ d and dot[j] to Σ d·(x-mean[i])·scale[i] over the rows i of column j. There are as many rows as elements
// of mean.
func ColumnDots[T Float](p *Pool, sum, dot, d, x, mean, scale []T, cols int) {
	const tile, small = 32, 1 << 15 // columns of a long piece of a row, elements for one worker
	rows := len(mean)
	sameLengths("ColumnDots", rows*cols, len(d), len(x))
	sameLengths("ColumnDots", cols, len(sum), len(dot))
	sameLength("ColumnDots", len(scale), rows)
	if rows*cols < small {
		p = nil
	}
	j := columnDotsJob[T]{newHalves(p, rows, cols, tile), [2][]T{sum}, [2][]T{dot}, d, x, mean, scale}
	second := borrow[T](2 * cols)
	j.sum[1], j.dot[1] = second[:cols], second[cols:]
	divide(p, j.parts(), 1, j)
	if j.count == 2 {
		Add(sum, sum, j.sum[1])
		Add(dot, dot, j.dot[1])
	}
	giveBack(second)
}

// A columnDotsJob computes parts of the sums of ColumnDots.
type columnDotsJob[T Float] struct {
	halves
	sum, dot          [2][]T
	d, x, mean, scale []T
}

func (j *columnDotsJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		half, r0, r1, c0, c1 := j.part(i)
		from := r0 * j.cols
		columnSums(ofRowDots, j.sum[half], j.dot[half], j.d[from:], j.x[from:], j.mean[r0:r1], j.scale[r0:r1], r1-r0, j.cols, c0, c1)
	}
}
