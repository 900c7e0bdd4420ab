package kernels

// paired reports whether the windows are of the usual kind: two adjacent elements of one row, or of each of two adjacent
// rows.
func (s PoolShape) paired() bool {
	pair := func(w PoolWindow) bool { return w.plain() && w.Kernel == 2 && w.Stride == 2 }
	return pair(s.X) && (pair(s.Y) || s.Y.plain() && s.Y.Kernel == 1 && s.Y.Stride == 1)
}

// pairRows are some rows of paired windows, with n windows each. In the input, the rows of windows are rowStride apart, and
// the second row of a window, if it has one, is below elements after the first.
type pairRows struct{ n, rows, rowStride, below int }

// skip returns the distance in the input from the end of a row of windows to the next.
func (r pairRows) skip() int { return r.rowStride - 2*r.n }

// span returns the number of elements in the input from the first to the last.
func (r pairRows) span() int { return (r.rows-1)*r.rowStride + r.below + 2*r.n }

// inRows returns the paired windows of one plane; not ok if all windows of all planes are one row.
func (s PoolShape) inRows() (r pairRows, ok bool) {
	r = pairRows{n: s.X.Out(), rows: s.Y.Out(), rowStride: s.Y.Stride * s.X.In}
	if s.Y.Kernel == 2 {
		r.below = s.X.In
		return r, true
	}
	return r, s.X.In%2 != 0
}

// eachPair calls f for all paired windows, a piece at a time, with the index at of their first element in the input and the
// index to of their first result.
func (s PoolShape) eachPair(p *Pool, f func(r pairRows, at, to int)) {
	in, out := s.sizes()
	r, ok := s.inRows()
	if !ok {
		p.For(s.Planes*out, 1<<13, func(lo, hi int) { f(pairRows{hi - lo, 1, 2 * (hi - lo), 0}, 2*lo, lo) })
		return
	}
	p.For(s.Planes, max(1, 1<<14/in), func(lo, hi int) { s.pairsOf(r, lo, hi, f) })
}

// pairsOf calls f for the paired windows of the planes lo to hi-1, which have the given rows.
func (s PoolShape) pairsOf(r pairRows, lo, hi int, f func(r pairRows, at, to int)) {
	in, out := s.sizes()
	if s.Y.In%s.Y.Kernel == 0 { // planes follow each other as rows do
		r.rows *= hi - lo
		f(r, lo*in, lo*out)
		return
	}
	for i := lo; i < hi; i++ {
		f(r, i*in, i*out)
	}
}

// maxPoolPaired is MaxPool for paired windows.
func maxPoolPaired[T Float](p *Pool, s PoolShape, y, x []T) {
	s.eachPair(p, func(r pairRows, at, to int) { maxPair(r, y[to:], x[at:]) })
}

// maxPoolGradPaired is MaxPoolGrad for paired windows. covers means that they cover all elements.
func maxPoolGradPaired[T Float](p *Pool, s PoolShape, dx, x, dy []T, covers, relu bool) {
	if !covers {
		p.For(len(dx), 1<<14, func(lo, hi int) { clear(dx[lo:hi]) })
	}
	if r, ok := s.inRows(); ok && p == nil { // a caller that works on one sample after the other; nothing is allocated
		s.pairsOf(r, 0, s.Planes, func(r pairRows, at, to int) { gradPair(r, dx[at:], x[at:], dy[to:], relu) })
		return
	}
	s.eachPair(p, func(r pairRows, at, to int) { gradPair(r, dx[at:], x[at:], dy[to:], relu) })
}

// maxPair sets dst to the largest element of each window.
func maxPair[T Float](r pairRows, dst, x []T) {
	if vectorPairs[T](r.n) {
		vectorMaxPair(r, dst, x)
		return
	}
	for i := range r.rows {
		row := x[i*r.rowStride:]
		for j := range r.n {
			m := max(row[2*j], row[2*j+1])
			if r.below > 0 {
				m = max(m, row[r.below+2*j], row[r.below+2*j+1])
			}
			dst[i*r.n+j] = m
		}
	}
}

// gradPair sets dx, for each window, to d at the first largest element of x and to 0 at the others. It has no branches on
// which is the largest, since these cannot be predicted. If relu is set, dx is multiplied by the derivative of a ReLU with
// output x.
func gradPair[T Float](r pairRows, dx, x, d []T, relu bool) {
	if vectorPairs[T](r.n) {
		vectorGradPair(r, dx, x, d, relu)
		return
	}
	for i := range r.rows {
		to, row := dx[i*r.rowStride:], x[i*r.rowStride:]
		for j, v := range d[i*r.n : (i+1)*r.n] {
			at, m := larger(row[2*j], row[2*j+1], 2*j, 2*j+1)
			to[2*j], to[2*j+1] = 0, 0
			if k := r.below + 2*j; r.below > 0 {
				below, b := larger(row[k], row[k+1], k, k+1)
				to[k], to[k+1] = 0, 0
				at, _ = larger(m, b, at, below)
			}
			to[at] = v
		}
		if relu {
			ReLUGrad(to[:2*r.n], to[:2*r.n], row[:2*r.n])
			if r.below > 0 {
				ReLUGrad(to[r.below:][:2*r.n], to[r.below:][:2*r.n], row[r.below:][:2*r.n])
			}
		}
	}
}

// larger returns the larger of a and b, preceded by its index i or j. Of two equal elements the first counts as larger, and
// so does the first NaN.
func larger[T Float](a, b T, i, j int) (int, T) {
	second := bit(b > a) | bit(b != b)&bit(a == a)
	return i + second*(j-i), max(a, b)
}

// bit returns 1 for true and 0 for false; the compiler makes no branch of it.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
