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
	for i := range dst {
		m := row[i*stride]
		for _, v := range row[i*stride+1:][:kernel-1] {
			m = max(m, v)
		}
		dst[i] = m
	}
}
