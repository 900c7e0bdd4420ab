package kernels

// An average is an average pooling.
type average struct {
	positions
	padded bool // padding counts
}

// counted returns how many of a window's elements along w an average counts at position o, where n are inside the image.
func (a *average) counted(w *axis, o, n int) int {
	if a.padded {
		return w.PoolWindow.padded(o, n)
	}
	return n
}

// divisor returns the divisor for a window with the given numbers of rows and columns that count.
func divisor[T Float](rows, columns int) T { return T(max(1, rows*columns)) }

// AvgPool sets y to the mean of x in each window. If padded is set, padding counts as zeros; otherwise it does not count.
// The rows of the windows are added first, as vectors, then their columns.
func AvgPool[T Float](p *Pool, s PoolShape, y, x []T, padded bool) {
	s.check("AvgPool", len(x), len(y))
	a := average{s.positions(), padded}
	divide(p, s.Planes, a.grain(), meanJob[T]{a, y, x})
}

// A meanJob is AvgPool of some planes.
type meanJob[T Float] struct {
	a    average
	y, x []T
}

func (j *meanJob[T]) piece(lo, hi int) {
	a := &average{j.a.withSpans(), j.a.padded}
	defer a.end()
	sum := borrow[T](a.x.In)
	defer giveBack(sum)
	for i := lo; i < hi; i++ {
		from, to := j.x[i*a.in:(i+1)*a.in], j.y[i*a.out:(i+1)*a.out]
		for o := range a.y.count {
			rows, at := a.y.span(o)
			row := sumRows(sum, from, rows, at*a.x.In, a.y.Dilation*a.x.In)
			means(a, to[o*a.x.count:][:a.x.count], row, a.counted(&a.y, o, rows))
		}
	}
}

// sumRows returns the sum of n rows of x, from at on, stride apart. It is stored in sum, unless n is 1.
func sumRows[T Float](sum, x []T, n, at, stride int) []T {
	switch n {
	case 0:
		clear(sum)
		return sum
	case 1:
		return x[at:][:len(sum)]
	}
	Add(sum, x[at:][:len(sum)], x[at+stride:][:len(sum)])
	for k := 2; k < n; k++ {
		Add(sum, sum, x[at+k*stride:][:len(sum)])
	}
	return sum
}

// means sets dst to the means of windows whose rows have the sum row; rows of them count.
func means[T Float](a *average, dst, row []T, rows int) {
	w := &a.x
	for o := range w.from {
		n, at := w.span(o)
		dst[o] = sumStrided(row, at, n, w.Dilation) / divisor[T](rows, a.counted(w, o, n))
	}
	for o := w.to; o < len(dst); o++ {
		n, at := w.span(o)
		dst[o] = sumStrided(row, at, n, w.Dilation) / divisor[T](rows, a.counted(w, o, n))
	}
	if w.from == w.to {
		return
	}
	n, row := divisor[T](rows, w.Kernel), row[w.from*w.Stride-w.Before:]
	dst = dst[w.from:w.to]
	if w.Kernel == 2 && w.Stride == 2 && w.Dilation == 1 {
		for j := range dst {
			pair := row[2*j:][:2]
			dst[j] = (pair[0] + pair[1]) / n
		}
		return
	}
	for j := range dst {
		dst[j] = sumStrided(row, j*w.Stride, w.Kernel, w.Dilation) / n
	}
}

// longWindow is the number of adjacent elements from which on a vector function adds them.
const longWindow = 16

// sumStrided returns the sum of n elements of x, from at on, stride apart.
func sumStrided[T Float](x []T, at, n, stride int) (sum T) {
	if stride == 1 && n >= longWindow {
		return Sum(x[at:][:n])
	}
	for range n {
		sum += x[at]
		at += stride
	}
	return sum
}

// AvgPoolGrad sets dx to the derivative of Σ dy·AvgPool(x) with respect to x.
func AvgPoolGrad[T Float](p *Pool, s PoolShape, dx, dy []T, padded bool) {
	s.check("AvgPoolGrad", len(dx), len(dy))
	a := average{s.positions(), padded}
	divide(p, s.Planes, a.grain(), meanGradJob[T]{a, dx, dy})
}

// A meanGradJob is AvgPoolGrad of some planes.
type meanGradJob[T Float] struct {
	a      average
	dx, dy []T
}

func (j *meanGradJob[T]) piece(lo, hi int) {
	a, width := &average{j.a.withSpans(), j.a.padded}, j.a.x.In
	defer a.end()
	apart := a.y.Stride >= a.y.Extent() && a.y.Bins == 0 // no row belongs to two windows
	inOrder := !apart && a.y.Dilation == 1               // the windows' rows follow each other, some belong to several
	space := borrow[T](width)
	defer giveBack(space)
	for i := lo; i < hi; i++ {
		to, from := j.dx[i*a.in:(i+1)*a.in], j.dy[i*a.out:(i+1)*a.out]
		if !a.y.Tiles() && !inOrder {
			clear(to)
		}
		set := 0 // rows that have a value, if inOrder
		for o := range a.y.count {
			rows, at := a.y.span(o)
			d, stride := from[o*a.x.count:][:a.x.count], a.y.Dilation*width
			counted := a.counted(&a.y, o, rows)
			at *= width
			switch {
			case rows == 0:
			case apart:
				first := to[at:][:width]
				distributeRow(a, first, d, counted)
				for k := 1; k < rows; k++ {
					copy(to[at+k*stride:][:width], first)
				}
			case inOrder:
				distributeRow(a, space, d, counted)
				clear(to[set*width : max(at, set*width)])
				set = max(set, at/width)
				for k := range rows {
					if row := to[at+k*width:][:width]; at/width+k < set {
						Add(row, row, space)
					} else {
						copy(row, space)
					}
				}
				set = max(set, at/width+rows)
			default:
				distributeRow(a, space, d, counted)
				for k := range rows {
					Add(to[at+k*stride:][:width], to[at+k*stride:][:width], space)
				}
			}
		}
		if inOrder {
			clear(to[set*width:])
		}
	}
}

// distributeRow divides each element of d by the number of elements that count in its window, rows of them in each column,
// and adds it to the window's elements in row, which it clears first.
func distributeRow[T Float](a *average, row, d []T, rows int) {
	w := &a.x
	whole := divisor[T](rows, w.Kernel)
	if w.Kernel == 2 && w.Stride == 2 && w.Dilation == 1 && w.to-w.from == len(d) {
		before, pairs := row[:w.from*2-w.Before], row[w.from*2-w.Before:]
		clear(before)
		for j, v := range d {
			v /= whole
			pair := pairs[2*j:][:2]
			pair[0], pair[1] = v, v
		}
		clear(pairs[2*len(d):])
		return
	}
	set := 0 // elements that have a value, if those of a window are adjacent
	if w.Dilation > 1 {
		clear(row)
	}
	for o, v := range d {
		columns, at := w.span(o)
		if columns == 0 {
			continue
		}
		if o >= w.from && o < w.to {
			v /= whole
		} else {
			v /= divisor[T](rows, a.counted(w, o, columns))
		}
		if w.Dilation > 1 {
			for range columns {
				row[at] += v
				at += w.Dilation
			}
			continue
		}
		end := at + columns
		clear(row[min(set, at):at])
		shared := max(at, min(set, end)) // the columns before it belong to another window, too
		for i := at; i < shared; i++ {
			row[i] += v
		}
		Fill(row[shared:end], v)
		set = max(set, end)
	}
	if w.Dilation == 1 {
		clear(row[set:])
	}
}
