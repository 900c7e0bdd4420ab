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

// A pairJob is a pooling of paired windows, or its derivative if dx is set.
type pairJob[T Float] struct {
	s            PoolShape
	byRows       bool // see inRows
	r            pairRows
	x, y, dx, dy []T
	relu         bool
}

// run computes all windows.
func (j pairJob[T]) run(p *Pool) {
	in, out := j.s.sizes()
	if j.r, j.byRows = j.s.inRows(); j.byRows {
		divide(p, j.s.Planes, max(1, 1<<14/in), j)
	} else {
		divide(p, j.s.Planes*out, 1<<13, j)
	}
}

func (j *pairJob[T]) piece(lo, hi int) {
	in, out := j.s.sizes()
	switch {
	case !j.byRows:
		j.windows(pairRows{hi - lo, 1, 2 * (hi - lo), 0}, 2*lo, lo)
	case j.s.Y.In%j.s.Y.Kernel == 0: // planes follow each other as rows do
		r := j.r
		r.rows *= hi - lo
		j.windows(r, lo*in, lo*out)
	default:
		for i := lo; i < hi; i++ {
			j.windows(j.r, i*in, i*out)
		}
	}
}

// windows computes some windows whose first element in the input has the index at, and whose first result has the index to.
func (j *pairJob[T]) windows(r pairRows, at, to int) {
	if j.dx == nil {
		maxPair(r, j.y[to:], j.x[at:])
	} else {
		gradPair(r, j.dx[at:], j.x[at:], j.dy[to:], j.relu)
	}
}

// maxPoolPaired is MaxPool for paired windows.
func maxPoolPaired[T Float](p *Pool, s PoolShape, y, x []T) { pairJob[T]{s: s, x: x, y: y}.run(p) }

// maxPoolGradPaired is MaxPoolGrad for paired windows. covers means that they cover all elements.
func maxPoolGradPaired[T Float](p *Pool, s PoolShape, dx, x, dy []T, covers, relu bool) {
	if !covers {
		divide(p, len(dx), 1<<14, clearJob[T]{dx})
	}
	pairJob[T]{s: s, x: x, dx: dx, dy: dy, relu: relu}.run(p)
}

// A clearJob sets x to 0.
type clearJob[T Float] struct{ x []T }

func (j *clearJob[T]) piece(lo, hi int) { clear(j.x[lo:hi]) }

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
