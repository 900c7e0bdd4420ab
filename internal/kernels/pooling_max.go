package kernels

import "math"

// maxPoolAny is MaxPool for any window: it takes the largest elements over the rows of the windows first, as vectors, then
// over their columns.
func maxPoolAny[T Float](p *Pool, s PoolShape, y, x []T) {
	a := s.positions()
	divide(p, s.Planes, a.grain(), maxJob[T]{a, y, x})
}

// A maxJob is maxPoolAny of some planes.
type maxJob[T Float] struct {
	a    positions
	y, x []T
}

func (j *maxJob[T]) piece(lo, hi int) {
	a := &j.a
	m := newMaxima[T](a)
	defer m.end()
	for i := lo; i < hi; i++ {
		from, to := j.x[i*a.in:(i+1)*a.in], j.y[i*a.out:(i+1)*a.out]
		for o := range a.y.count {
			m.row(to[o*a.x.count:][:a.x.count], from, o)
		}
	}
}

// maxPoolGradAny is MaxPoolGrad for any window. It computes the largest element of each again and finds the first equal
// one.
func maxPoolGradAny[T Float](p *Pool, s PoolShape, dx, x, dy []T) {
	a := s.positions()
	divide(p, s.Planes, a.grain(), maxGradJob[T]{a, dx, x, dy})
}

// A maxGradJob is maxPoolGradAny of some planes.
type maxGradJob[T Float] struct {
	a         positions
	dx, x, dy []T
}

func (j *maxGradJob[T]) piece(lo, hi int) {
	a := &j.a
	m := newMaxima[T](a)
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
			m.row(largest, from, o)
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

// maxima finds the largest elements of windows, one row of positions at a time.
type maxima[T Float] struct {
	*positions
	rows   []T // the largest over the window's rows
	shifts []T // the largest over the window's columns, at stride 1
}

func newMaxima[T Float](a *positions) maxima[T] {
	return maxima[T]{a, borrow[T](a.x.In), borrow[T](a.x.In)}
}

func (m *maxima[T]) end() {
	giveBack(m.rows)
	giveBack(m.shifts)
}

// row sets dst to the largest elements of the windows in row o of the positions, or -Inf for those that are all padding.
func (m *maxima[T]) row(dst, plane []T, o int) {
	n, at := m.y.span(o)
	row, stride := m.rows, m.y.Dilation*m.x.In
	switch at *= m.x.In; n {
	case 0:
		Fill(row, T(math.Inf(-1)))
	case 1:
		row = plane[at:][:m.x.In]
	default:
		Max(row, plane[at:][:m.x.In], plane[at+stride:][:m.x.In])
		for k := 2; k < n; k++ {
			Max(row, row, plane[at+k*stride:][:m.x.In])
		}
	}
	for k := range m.x.from {
		n, at := m.x.span(k)
		dst[k] = maxStrided(row, at, n, m.x.Dilation)
	}
	for k := m.x.to; k < len(dst); k++ {
		n, at := m.x.span(k)
		dst[k] = maxStrided(row, at, n, m.x.Dilation)
	}
	if m.x.from < m.x.to {
		m.inside(dst[m.x.from:m.x.to], row[m.x.from*m.x.Stride-m.x.Before:])
	}
}

// inside sets dst to the largest elements of windows inside a row, the first at its beginning.
func (m *maxima[T]) inside(dst, row []T) {
	w := &m.x
	shifts := dst
	if w.Stride > 1 {
		shifts = m.shifts[:(len(dst)-1)*w.Stride+1]
	}
	n := len(shifts)
	if w.Kernel == 1 {
		copy(shifts, row)
	} else {
		Max(shifts, row[:n], row[w.Dilation:][:n])
		for k := 2; k < w.Kernel; k++ {
			Max(shifts, shifts, row[k*w.Dilation:][:n])
		}
	}
	switch w.Stride {
	case 1:
	case 2:
		takeSecond(dst, shifts)
	default:
		for j := range dst {
			dst[j] = shifts[j*w.Stride]
		}
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
