package kernels

// paired tells whether the windows are the usual ones: two elements of one row or of each of two, side by side.
func (s PoolShape) paired() bool {
	pair := func(w Window) bool { return w.plain() && w.Kernel == 2 && w.Stride == 2 }
	return pair(s.X) && (pair(s.Y) || s.Y.plain() && s.Y.Kernel == 1 && s.Y.Stride == 1)
}

// eachPair calls f for the rows of the paired windows, or for as many of them as lie without gaps: with where their elements
// begin in the input, where their results do, and how many these are.
func (s PoolShape) eachPair(p *Pool, f func(at, to, n int)) {
	in, out := s.sizes()
	rows, cols := s.Y.Out(), s.X.Out()
	if s.Y.Kernel == 1 && s.X.In%2 == 0 {
		p.For(s.Planes*out, 1<<13, func(lo, hi int) { f(2*lo, lo, hi-lo) })
		return
	}
	p.For(s.Planes, max(1, 1<<14/in), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			for oy := range rows {
				f(i*in+oy*s.Y.Stride*s.X.In, i*out+oy*cols, cols)
			}
		}
	})
}

// maxPoolPaired is MaxPool for paired windows.
func maxPoolPaired[T Float](p *Pool, s PoolShape, y, x []T) {
	s.eachPair(p, func(at, to, n int) {
		maxPair(y[to:to+n], x[at:at+2*n], lowerRow(s, x, at, n))
	})
}

// maxPoolGradPaired is MaxPoolGrad for paired windows, which meet all elements if whole is set.
func maxPoolGradPaired[T Float](p *Pool, s PoolShape, dx, x, dy []T, whole, relu bool) {
	if !whole {
		p.For(len(dx), 1<<14, func(lo, hi int) { clear(dx[lo:hi]) })
	}
	s.eachPair(p, func(at, to, n int) {
		givePair(dx[at:at+2*n], lowerRow(s, dx, at, n), x[at:at+2*n], lowerRow(s, x, at, n), dy[to:to+n], relu)
	})
}

// lowerRow returns 2·n elements of the row below the one at the given place, nil if the windows have but one row.
func lowerRow[T Float](s PoolShape, x []T, at, n int) []T {
	if s.Y.Kernel == 1 {
		return nil
	}
	at += s.X.In
	return x[at : at+2*n]
}

// maxPair sets dst to the largest of each two elements of x0, and of x1 unless that is nil.
func maxPair[T Float](dst, x0, x1 []T) {
	if vectorPairs[T](len(dst)) {
		vectorMaxPair(dst, x0, x1)
		return
	}
	for i := range dst {
		dst[i] = max(x0[2*i], x0[2*i+1])
		if x1 != nil {
			dst[i] = max(dst[i], x1[2*i], x1[2*i+1])
		}
	}
}

// givePair sets, for each two elements of x0 and, unless that is nil, of x1, that of dx0 or dx1 to d's where x0 or x1 is
// largest, the first if some are equal, and the others to 0. Which is the largest is not to be foreseen, so nothing branches
// on it. If relu is set, that is multiplied by the derivative of a ReLU whose output x0 and x1 are.
func givePair[T Float](dx0, dx1, x0, x1, d []T, relu bool) {
	if vectorPairs[T](len(d)) {
		vectorGivePair(dx0, dx1, x0, x1, d, relu)
		return
	}
	clear(dx0)
	clear(dx1)
	rows := [2][]T{dx0, dx1}
	for i, v := range d {
		j, a := larger(x0[2*i], x0[2*i+1], 0, 1)
		if x1 != nil {
			k, b := larger(x1[2*i], x1[2*i+1], 2, 3)
			j, _ = larger(a, b, j, k)
		}
		rows[j>>1][2*i+j&1] = v
	}
	if relu {
		ReLUGrad(dx0, dx0, x0)
		ReLUGrad(dx1, dx1, x1)
	}
}

// larger returns the larger of a and b, and i if it is a, j if it is b. The first of equal ones is larger, and a NaN is.
func larger[T Float](a, b T, i, j int) (int, T) {
	second := bit(b > a) | bit(b != b)&bit(a == a)
	return i + second*(j-i), max(a, b)
}

// bit returns 1 for true; the compiler makes no branch of it.
func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
