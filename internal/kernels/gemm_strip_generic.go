package kernels

//go:generate go run -C gen ./portable -out ../gemm_tile_generic.go

// In portable Go a tile has this size. A strip is up to genericCols columns wide, so that the rows of an operand that is read in
// place are long.
const (
	genericTileRows = 2
	genericTileCols = 4
	genericCols     = 128
)

// genericStrip is the micro-kernel in portable Go. It takes several panels, bPanel apart. A matrix B that is not packed is read
// row by row.
func genericStrip[T Float](s *strip[T]) {
	size := sizeof[T]()
	panel := s.depth * genericTileCols
	if s.bRow != genericTileCols*size || len(s.b) < (s.cols+genericTileCols-1)/genericTileCols*panel {
		genericRows(s)
		return
	}
	tiled := 0 // rows in full tiles
	if s.aRow == size && s.aCol == genericTileRows*size {
		tiled = s.rows / genericTileRows * genericTileRows
	}
	cRow := s.cRow / size
	var sums [genericTileRows * genericTileCols]T
	for j := 0; j < s.cols; j += genericTileCols {
		b, n := s.b[j*s.depth:][:panel], min(genericTileCols, s.cols-j)
		a := s.a
		for i := 0; i < tiled; i += genericTileRows {
			genericTile(&sums, a[:s.depth*genericTileRows], b)
			a = a[s.aPanel/size:]
			if c := s.c[i*cRow+j:]; n == genericTileCols {
				s.finishTile((*[4]T)(c), (*[4]T)(c[cRow:]), &sums, j)
			} else {
				s.finishRow(c[:n], sums[:n], j)
				s.finishRow(c[cRow:][:n], sums[genericTileCols:][:n], j)
			}
		}
		for i := tiled; i < s.rows; i++ {
			at := i/genericTileRows*s.aPanel + i%genericTileRows*s.aRow
			sums := genericTileRow(s.a[at/size:], s.aCol/size, b)
			s.finishRow(s.c[i*cRow+j:][:n], sums[:n], j)
		}
	}
}

// genericTileRow returns the products of a row of A, with a stride, and a panel of columns of B.
func genericTileRow[T Float](a []T, stride int, b []T) [genericTileCols]T {
	var s0, s1, s2, s3 T
	at := 0
	for ; len(b) >= genericTileCols; b = b[genericTileCols:] {
		x, y := a[at], (*[genericTileCols]T)(b)
		s0 += x * y[0]
		s1 += x * y[1]
		s2 += x * y[2]
		s3 += x * y[3]
		at += stride
	}
	return [genericTileCols]T{s0, s1, s2, s3}
}

// genericRows is genericStrip for any strides of B: it adds multiples of B's rows to a row of sums.
func genericRows[T Float](s *strip[T]) {
	size := sizeof[T]()
	aCol, bRow, cRow := s.aCol/size, s.bRow/size, s.cRow/size
	var buf [genericCols]T
	sums := buf[:s.cols]
	for i := range s.rows {
		clear(sums)
		a := s.a[(i/genericTileRows*s.aPanel+i%genericTileRows*s.aRow)/size:]
		k := 0
		for ; k+8 <= s.depth; k += 8 {
			var x [8]T
			for l := range x {
				x[l] = a[(k+l)*aCol]
			}
			b := s.b[k*bRow:]
			addRows(sums, b, b[bRow:], b[2*bRow:], b[3*bRow:], b[4*bRow:], b[5*bRow:], b[6*bRow:], b[7*bRow:], &x)
		}
		for ; k < s.depth; k++ {
			x := a[k*aCol]
			for j, y := range s.b[k*bRow:][:len(sums)] {
				sums[j] += x * y
			}
		}
		s.finishRow(s.c[i*cRow:][:s.cols], sums, 0)
	}
}

// addRows adds eight rows, each times an element of x, to the sums, in order.
func addRows[T Float](sums, b0, b1, b2, b3, b4, b5, b6, b7 []T, x *[8]T) {
	n := len(sums)
	b0, b1, b2, b3, b4, b5, b6, b7 = b0[:n], b1[:n], b2[:n], b3[:n], b4[:n], b5[:n], b6[:n], b7[:n]
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

// finishRow computes a part of a row of C from its sums. It begins at column at of the strip.
func (s *strip[T]) finishRow(c, sums []T, at int) {
	for j, x := range sums {
		x = T(x * s.alpha)
		if s.flags&addBeta != 0 {
			x += T(s.beta * c[j])
		}
		if s.flags&addBias != 0 {
			x += s.bias[at+j]
		}
		if s.flags&applyReLU != 0 && x < 0 {
			x = 0
		}
		c[j] = x
	}
}

// finishTile is finishRow for two rows of four columns.
func (s *strip[T]) finishTile(c, below *[4]T, sums *[8]T, at int) {
	a, b, flags := s.alpha, s.beta, s.flags
	x0, x1, x2, x3 := T(sums[0]*a), T(sums[1]*a), T(sums[2]*a), T(sums[3]*a)
	y0, y1, y2, y3 := T(sums[4]*a), T(sums[5]*a), T(sums[6]*a), T(sums[7]*a)
	if flags&addBeta != 0 {
		x0, x1, x2, x3 = x0+T(b*c[0]), x1+T(b*c[1]), x2+T(b*c[2]), x3+T(b*c[3])
		y0, y1, y2, y3 = y0+T(b*below[0]), y1+T(b*below[1]), y2+T(b*below[2]), y3+T(b*below[3])
	}
	if flags&addBias != 0 {
		v := (*[4]T)(s.bias[at:])
		x0, x1, x2, x3 = x0+v[0], x1+v[1], x2+v[2], x3+v[3]
		y0, y1, y2, y3 = y0+v[0], y1+v[1], y2+v[2], y3+v[3]
	}
	if flags&applyReLU != 0 {
		x0, x1, x2, x3 = relu(x0), relu(x1), relu(x2), relu(x3)
		y0, y1, y2, y3 = relu(y0), relu(y1), relu(y2), relu(y3)
	}
	c[0], c[1], c[2], c[3] = x0, x1, x2, x3
	below[0], below[1], below[2], below[3] = y0, y1, y2, y3
}

// relu returns max(x, 0), NaN if x is NaN.
func relu[T Float](x T) T {
	if x < 0 {
		return 0
	}
	return x
}
