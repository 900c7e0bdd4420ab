package kernels

// genericCols is the number of columns of a tile in portable Go. The tile has one row, since the compiler does best at
// adding multiples of B's rows to a row of sums.
const genericCols = 128

// genericStrip is the micro-kernel in portable Go.
func genericStrip[T Float](s *strip[T]) {
	size := sizeof[T]()
	aCol, aRow, bRow, cRow := s.aCol/size, s.aRow/size, s.bRow/size, s.cRow/size
	var buf [genericCols]T
	sums := buf[:s.cols]
	for i := range s.rows {
		clear(sums)
		a := s.a[i*aRow:]
		k := 0
		for ; k+8 <= s.depth; k += 8 {
			var x [8]T
			for l := range x {
				x[l] = a[(k+l)*aCol]
			}
			addRows(sums, s.b[k*bRow:], bRow, &x)
		}
		for ; k < s.depth; k++ {
			x := a[k*aCol]
			for j, y := range s.b[k*bRow:][:len(sums)] {
				sums[j] += x * y
			}
		}
		s.finishRow(s.c[i*cRow:][:s.cols], sums)
	}
}

// addRows adds eight rows of b, each times an element of x, to the sums, in order.
func addRows[T Float](sums, b []T, bRow int, x *[8]T) {
	n := len(sums)
	b0, b1, b2, b3 := b[:n], b[bRow:][:n], b[2*bRow:][:n], b[3*bRow:][:n]
	b4, b5, b6, b7 := b[4*bRow:][:n], b[5*bRow:][:n], b[6*bRow:][:n], b[7*bRow:][:n]
	x0, x1, x2, x3, x4, x5, x6, x7 := x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
	for j, s := range sums {
		s += x0 * b0[j]
		s += x1 * b1[j]
		s += x2 * b2[j]
		s += x3 * b3[j]
		s += x4 * b4[j]
		s += x5 * b5[j]
		s += x6 * b6[j]
		s += x7 * b7[j]
		sums[j] = s
	}
}

// finishRow computes a row of C from its sums.
func (s *strip[T]) finishRow(c, sums []T) {
	for j, x := range sums {
		x *= s.alpha
		if s.flags&addBeta != 0 {
			x += s.beta * c[j]
		}
		if s.flags&addBias != 0 {
			x += s.bias[j]
		}
		if s.flags&applyReLU != 0 && x < 0 {
			x = 0
		}
		c[j] = x
	}
}
