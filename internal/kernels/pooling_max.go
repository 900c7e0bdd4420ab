package kernels

import "math"

// maxPoolAny is MaxPool for any window: it takes the largest elements over the rows of the windows first, as vectors, then
// over their columns.
func maxPoolAny[T Float](p *Pool, s PoolShape, y, x []T) {
	a := s.positions()
	if single[T]() && vectorWindows() && a.inWindows() {
		divide(p, s.Planes, a.grain(), windowsJob{a, singles(y), singles(x)})
		return
	}
	divide(p, s.Planes, a.grain(), maxJob[T]{a, y, x})
}

// A maxJob is maxPoolAny of some planes.
type maxJob[T Float] struct {
	a    positions
	y, x []T
}

func (j *maxJob[T]) piece(lo, hi int) {
	all := j.a.withSpans()
	a := &all
	defer a.end()
	m := newMaxima[T](a, min(a.y.count, max(1, maximaBlock/a.x.In)))
	defer m.end()
	for i := lo; i < hi; i++ {
		from, to := j.x[i*a.in:(i+1)*a.in], j.y[i*a.out:(i+1)*a.out]
		for o := 0; o < a.y.count; o += m.most {
			n := min(m.most, a.y.count-o)
			m.find(to[o*a.x.count:][:n*a.x.count], from, o)
		}
	}
}

// maxPoolGradAny is MaxPoolGrad for any window. It computes the largest element of each again and finds the first equal
// one.
func maxPoolGradAny[T Float](p *Pool, s PoolShape, dx, x, dy []T) {
	a := s.positions()
	if single[T]() && vectorWindows() && a.inWindows() {
		divide(p, s.Planes, a.grain(), windowsGradJob{a, s, singles(dx), singles(x), singles(dy)})
		return
	}
	if single[T]() && a.in <= math.MaxInt32 {
		divide(p, s.Planes, a.grain(), firstJob{a, singles(dx), singles(x), singles(dy)})
		return
	}
	divide(p, s.Planes, a.grain(), maxGradJob[T]{a, dx, x, dy})
}

// A maxGradJob is maxPoolGradAny of some planes.
type maxGradJob[T Float] struct {
	a         positions
	dx, x, dy []T
}

func (j *maxGradJob[T]) piece(lo, hi int) {
	all := j.a.withSpans()
	a := &all
	defer a.end()
	m := newMaxima[T](a, 1)
	defer m.end()
	largest := borrow[T](a.x.count)
	defer giveBack(largest)
	for i := lo; i < hi; i++ {
		from, to, d := j.x[i*a.in:(i+1)*a.in], j.dx[i*a.in:(i+1)*a.in], j.dy[i*a.out:(i+1)*a.out]
		clear(to)
		for o := range a.y.count {
			rows, first := a.y.span(o)
			if rows == 0 {
				continue
			}
			m.find(largest, from, o)
			for k, v := range d[o*a.x.count:][:a.x.count] {
				if columns, at := a.x.span(k); columns > 0 {
					to[firstOf(a, from, largest[k], first*a.x.In+at, columns)] += v
				}
			}
		}
	}
}

// firstOf returns the index of the first element equal to m in a window that begins at index at and has the given number of
// columns. There must be one; NaN equals NaN.
func firstOf[T Float](a *positions, x []T, m T, at, columns int) int {
	for stride, gap := a.y.Dilation*a.x.In, a.x.Dilation; ; at += stride {
		for k := range columns {
			if v := x[at+k*gap]; v == m || v != v && m != m {
				return at + k*gap
			}
		}
	}
}

// maximaBlock is the number of elements of an image that maxima work on at a time; they fit in the first-level cache.
const maximaBlock = 2048

// maxima finds the largest elements of windows, up to most rows of positions at a time.
type maxima[T Float] struct {
	positions
	most   int
	rows   []T // the largest over the windows' rows
	shifts []T // the largest over the windows' columns, at stride 1
}

func newMaxima[T Float](a *positions, most int) maxima[T] {
	return maxima[T]{*a, most, borrow[T](most * a.x.In), borrow[T](most * a.x.In)}
}

func (m *maxima[T]) end() {
	giveBack(m.rows)
	giveBack(m.shifts)
}

// find sets dst to the largest elements of the windows in some rows of the positions, from row o on, or to -Inf for those that
// are all padding.
func (m *maxima[T]) find(dst, plane []T, o int) {
	count, width := m.x.count, m.x.In
	n := len(dst) / count
	rows := m.rows[:n*width]
	for i := range n {
		m.ofRows(rows[i*width:][:width], plane, o+i)
	}
	for k := range m.x.from {
		m.edge(dst[k:], rows, k)
	}
	for k := m.x.to; k < count; k++ {
		m.edge(dst[k:], rows, k)
	}
	if m.x.from < m.x.to {
		m.inside(dst, rows)
	}
}

// ofRows sets dst to the largest elements over the rows of the windows in row o of the positions.
func (m *maxima[T]) ofRows(dst, plane []T, o int) {
	n, at := m.y.span(o)
	stride := m.y.Dilation * len(dst)
	switch at *= len(dst); n {
	case 0:
		Fill(dst, T(math.Inf(-1)))
	case 1:
		copy(dst, plane[at:])
	default:
		Max(dst, plane[at:][:len(dst)], plane[at+stride:][:len(dst)])
		for k := 2; k < n; k++ {
			Max(dst, dst, plane[at+k*stride:][:len(dst)])
		}
	}
}

// edge sets the first of each row of dst to the largest elements of column k of the positions.
func (m *maxima[T]) edge(dst, rows []T, k int) {
	n, at := m.x.span(k)
	for i := 0; i < len(dst); i += m.x.count {
		dst[i] = maxStrided(rows, at, n, m.x.Dilation)
		at += m.x.In
	}
}

// inside sets the columns of dst at which the whole window is inside the image.
func (m *maxima[T]) inside(dst, rows []T) {
	w := &m.x
	shifts := rows
	if w.Kernel > 1 {
		n := len(rows) - (w.Kernel-1)*w.Dilation // some of them reach into the next row; they are not used
		shifts = m.shifts[:n]
		Max(shifts, rows[:n], rows[w.Dilation:][:n])
		for k := 2; k < w.Kernel; k++ {
			Max(shifts, shifts, rows[k*w.Dilation:][:n])
		}
	}
	for at := w.from*w.Stride - w.Before; len(dst) > 0; at += w.In {
		row, from := dst[w.from:w.to], shifts[at:]
		switch w.Stride {
		case 1:
			copy(row, from)
		case 2:
			takeSecond(row, from)
		default:
			for j := range row {
				row[j] = from[j*w.Stride]
			}
		}
		dst = dst[w.count:]
	}
}

// maxStrided returns the largest of n elements of x, from at on, stride apart.
func maxStrided[T Float](x []T, at, n, stride int) T {
	m := T(math.Inf(-1))
	for range n {
		m = max(m, x[at])
		at += stride
	}
	return m
}
