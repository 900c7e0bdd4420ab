package kernels

// An average is an average pooling.
type average struct {
	places
	padded bool // padding counts
}

// share returns what is divided by for a window with so many rows and columns inside.
func (a *average) share(rows, columns int) int {
	if a.padded {
		return a.y.Kernel * a.x.Kernel
	}
	return max(1, rows*columns)
}

// AvgPool sets y to the means of x in each window; padding counts as zeros if padded is set, else it does not count. The rows of
// windows are added first, as vectors, then their columns.
func AvgPool[T Float](p *Pool, s PoolShape, y, x []T, padded bool) {
	s.check("AvgPool", len(x), len(y))
	a := &average{s.places(), padded}
	p.For(s.Planes, a.grain(), func(lo, hi int) {
		sum := borrow[T](s.X.In)
		defer giveBack(sum)
		for i := lo; i < hi; i++ {
			from, to := x[i*a.in:(i+1)*a.in], y[i*a.out:(i+1)*a.out]
			for o := range a.y.count {
				rows, at := a.y.span(o)
				means(a, to[o*a.x.count:][:a.x.count], sumRows(sum, from, rows, at*s.X.In, s.Y.Dilation*s.X.In), rows)
			}
		}
	})
}

// sumRows returns the sum of n rows of x, the first at the given place and the others step apart each; it is in sum unless n is 1.
func sumRows[T Float](sum, x []T, n, at, step int) []T {
	switch n {
	case 0:
		clear(sum)
		return sum
	case 1:
		return x[at:][:len(sum)]
	}
	Add(sum, x[at:][:len(sum)], x[at+step:][:len(sum)])
	for k := 2; k < n; k++ {
		Add(sum, sum, x[at+k*step:][:len(sum)])
	}
	return sum
}

// means sets dst to the means of windows, the sums of whose rows are in row.
func means[T Float](a *average, dst, row []T, rows int) {
	w := &a.x
	for o := range w.from {
		n, at := w.span(o)
		dst[o] = sumStep(row, at, n, w.Dilation) / T(a.share(rows, n))
	}
	for o := w.to; o < len(dst); o++ {
		n, at := w.span(o)
		dst[o] = sumStep(row, at, n, w.Dilation) / T(a.share(rows, n))
	}
	if w.from == w.to {
		return
	}
	n, row := T(a.share(rows, w.Kernel)), row[w.from*w.Stride-w.Before:]
	dst = dst[w.from:w.to]
	if w.Kernel == 2 && w.Stride == 2 && w.Dilation == 1 {
		for j := range dst {
			pair := row[2*j:][:2]
			dst[j] = (pair[0] + pair[1]) / n
		}
		return
	}
	for j := range dst {
		dst[j] = sumStep(row, j*w.Stride, w.Kernel, w.Dilation) / n
	}
}

// sumStep returns the sum of n elements of x from a place on, step apart.
func sumStep[T Float](x []T, at, n, step int) (sum T) {
	for range n {
		sum += x[at]
		at += step
	}
	return sum
}

// AvgPoolGrad sets dx to the derivative of Σ dy·AvgPool(x).
func AvgPoolGrad[T Float](p *Pool, s PoolShape, dx, dy []T, padded bool) {
	s.check("AvgPoolGrad", len(dx), len(dy))
	a, whole := &average{s.places(), padded}, s.Y.Tiles()
	apart := s.Y.Stride >= s.Y.Extent() // no two windows meet in a row
	p.For(s.Planes, a.grain(), func(lo, hi int) {
		space := borrow[T](s.X.In)
		defer giveBack(space)
		for i := lo; i < hi; i++ {
			to, from := dx[i*a.in:(i+1)*a.in], dy[i*a.out:(i+1)*a.out]
			if !whole {
				clear(to)
			}
			for o := range a.y.count {
				rows, at := a.y.span(o)
				d, step := from[o*a.x.count:][:a.x.count], s.Y.Dilation*s.X.In
				at *= s.X.In
				switch {
				case rows == 0:
				case apart:
					first := to[at:][:s.X.In]
					shareRow(a, first, d, rows)
					for k := 1; k < rows; k++ {
						copy(to[at+k*step:][:s.X.In], first)
					}
				default:
					shareRow(a, space, d, rows)
					for k := range rows {
						Add(to[at+k*step:][:s.X.In], to[at+k*step:][:s.X.In], space)
					}
				}
			}
		}
	})
}

// shareRow sets a row to what its elements get of d, of which each is shared by the elements of its window.
func shareRow[T Float](a *average, row, d []T, rows int) {
	w := &a.x
	n := T(a.share(rows, w.Kernel))
	if w.Kernel == 2 && w.Stride == 2 && w.Dilation == 1 && w.to-w.from == len(d) {
		before, pairs := row[:w.from*2-w.Before], row[w.from*2-w.Before:]
		clear(before)
		for j, v := range d {
			v /= n
			pair := pairs[2*j:][:2]
			pair[0], pair[1] = v, v
		}
		clear(pairs[2*len(d):])
		return
	}
	clear(row)
	for o, v := range d {
		columns, at := w.span(o)
		if v /= n; columns < w.Kernel {
			v = d[o] / T(a.share(rows, columns))
		}
		for range columns {
			row[at] += v
			at += w.Dilation
		}
	}
}
