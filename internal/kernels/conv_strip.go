package kernels

// A tapStrip is a strip for the micro-kernels of convolutions. The rows of one operand may lie anywhere in memory: row i
// begins taps[i] bytes after the first element of the slice. For runTaps these are rows of B, and the elements of a row of
// A are contiguous. For runTapRows they are rows of A, with contiguous elements.
type tapStrip[T Float] struct {
	strip[T]
	taps []int
}

// addRowBias makes the sums of row i begin with bias[i]. Only runTaps knows it.
const addRowBias = 1 << 3

// genericTaps is runTaps in portable Go.
func genericTaps[T Float](s *tapStrip[T]) {
	flat := s.strip
	packed := borrow[T](s.depth * s.cols)
	defer giveBack(packed)
	size := sizeof[T]()
	for k, tap := range s.taps[:s.depth] {
		copy(packed[k*s.cols:][:s.cols], s.b[tap/size:])
	}
	if s.flags&addRowBias != 0 {
		for i, v := range s.bias[:s.rows] {
			Fill(s.c[i*s.cRow/size:][:s.cols], v)
		}
		flat.flags, flat.beta = flat.flags&^addRowBias|addBeta, 1
	}
	flat.b, flat.bRow, flat.aCol = packed, s.cols*size, size
	genericStrip(&flat)
}

// genericTapRows is runTapRows in portable Go.
func genericTapRows[T Float](s *tapStrip[T]) {
	size := sizeof[T]()
	row := s.strip
	row.rows, row.aCol = 1, size
	for i, tap := range s.taps[:s.rows] {
		row.a, row.c = s.a[tap/size:], s.c[i*s.cRow/size:]
		genericStrip(&row)
	}
}

// outer sets s to compute rows × cols elements of C, which begin at c, from a panel of B.
func (s *tapStrip[T]) outer(c, panel []T, rows, cols, depth, tileRows, tileCols int) {
	size := sizeof[T]()
	s.c, s.b = c, panel
	s.rows, s.cols, s.depth = rows, cols, depth
	s.aRow, s.aPanel, s.bRow = 8, 8*tileRows, size*tileCols
}
