package kernels

// plain tells whether all windows lie inside, without gaps.
func (w Window) plain() bool { return w.Before == 0 && w.After == 0 && w.Dilation == 1 }

// maxPoolPlain is MaxPool for windows that need no check of their bounds.
func maxPoolPlain[T Float](p *Pool, s PoolShape, y, x []T) {
	in, out := s.sizes()
	cols := s.X.Out()
	p.For(s.Planes, max(1, 1<<14/in), func(lo, hi int) {
		row := borrow[T](s.X.In)
		defer giveBack(row)
		for i := lo; i < hi; i++ {
			for oy := range s.Y.Out() {
				rows := x[i*in+oy*s.Y.Stride*s.X.In:]
				from := rows[:s.X.In]
				if s.Y.Kernel > 1 {
					Max(row, from, rows[s.X.In:][:s.X.In])
					for k := 2; k < s.Y.Kernel; k++ {
						Max(row, row, rows[k*s.X.In:][:s.X.In])
					}
					from = row
				}
				maxRow(y[i*out+oy*cols:][:cols], from, s.X.Kernel, s.X.Stride)
			}
		}
	})
}

// maxRow sets dst to the largest elements of windows of a row.
func maxRow[T Float](dst, row []T, kernel, stride int) {
	if kernel == 2 && stride == 2 {
		row = row[:2*len(dst)]
		for i := range dst {
			dst[i] = max(row[2*i], row[2*i+1])
		}
		return
	}
	for i := range dst {
		m := row[i*stride]
		for _, v := range row[i*stride+1:][:kernel-1] {
			m = max(m, v)
		}
		dst[i] = m
	}
}

// paired tells whether the windows are the usual ones: two elements of one row or of each of two, side by side.
func (s PoolShape) paired() bool {
	pair := func(w Window) bool { return w.plain() && w.Kernel == 2 && w.Stride == 2 }
	return pair(s.X) && (pair(s.Y) || s.Y.plain() && s.Y.Kernel == 1 && s.Y.Stride == 1)
}

// maxPoolGradPaired is MaxPoolGrad for such windows. Which element is the largest is not to be foreseen, so nothing branches
// on it.
func maxPoolGradPaired[T Float](p *Pool, s PoolShape, dx, x, dy []T) {
	in, out := s.sizes()
	rows, cols := s.Y.Out(), s.X.Out()
	p.For(s.Planes, max(1, 1<<14/in), func(lo, hi int) {
		clear(dx[lo*in : hi*in])
		for i := lo; i < hi; i++ {
			for oy := range rows {
				at := i*in + oy*s.Y.Stride*s.X.In
				d := dy[i*out+oy*cols:][:cols]
				if s.Y.Kernel == 1 {
					giveToLarger(dx[at:][:2*cols], x[at:][:2*cols], d)
				} else {
					giveToLargest(dx[at:], x[at:][:2*cols], x[at+s.X.In:][:2*cols], d, s.X.In)
				}
			}
		}
	})
}

// giveToLarger sets, for each two elements of x, that of dx to d where x is larger, the first if they are equal.
func giveToLarger[T Float](dx, x, d []T) {
	for i, v := range d {
		j, _ := larger(x[2*i], x[2*i+1], 0, 1)
		dx[2*i+j] = v
	}
}

// giveToLargest is giveToLarger for two elements of each of two rows, which are width elements apart in dx.
func giveToLargest[T Float](dx, upper, lower, d []T, width int) {
	for i, v := range d {
		j, a := larger(upper[2*i], upper[2*i+1], 0, 1)
		k, b := larger(lower[2*i], lower[2*i+1], width, width+1)
		j, _ = larger(a, b, j, k)
		dx[2*i+j] = v
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
