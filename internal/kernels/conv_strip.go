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

// genericTaps is runTaps in portable Go. It packs both operands, unless there are only a few rows.
func genericTaps[T Float](s *tapStrip[T]) {
	if s.rows < genericPackRows {
		genericTapsInPlace(s)
		return
	}
	flat := s.strip
	size := sizeof[T]()
	b, a := borrow[T](s.depth*ceilTo(s.cols, genericTileCols)), borrow[T](s.depth*ceilTo(s.rows, genericTileRows))
	defer giveBack(b)
	defer giveBack(a)
	for k, tap := range s.taps[:s.depth] {
		row := s.b[tap/size:]
		for j := 0; j < s.cols; j += genericTileCols {
			to := (*[genericTileCols]T)(b[j*s.depth+k*genericTileCols:])
			if len(row) >= j+genericTileCols {
				*to = [genericTileCols]T(row[j:])
			} else {
				copy(to[:], row[j:])
			}
		}
	}
	rows := lines[T]{s.a, s.aRow / size, 1}
	rows.pack(a, genericTileRows, 0, s.rows, 0, s.depth)
	flat.a, flat.aRow, flat.aCol, flat.aPanel = a, size, genericTileRows*size, genericTileRows*s.depth*size
	flat.b, flat.bRow = b, genericTileCols*size
	if s.flags&addRowBias != 0 {
		for i, v := range s.bias[:s.rows] {
			Fill(s.c[i*s.cRow/size:][:s.cols], v)
		}
		flat.flags, flat.beta = flat.flags&^addRowBias|addBeta, 1
	}
	genericStrip(&flat)
}

// genericTapsInPlace is genericTaps without packing.
func genericTapsInPlace[T Float](s *tapStrip[T]) {
	size := sizeof[T]()
	var buf [genericCols]T
	sums, flat := buf[:s.cols], s.strip
	for i := range s.rows {
		clear(sums)
		a, c := s.a[i*s.aRow/size:][:s.depth], s.c[i*s.cRow/size:][:s.cols]
		k := 0
		for ; k+8 <= s.depth; k += 8 {
			at := func(l int) []T { return s.b[s.taps[k+l]/size:] }
			addRows(sums, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), (*[8]T)(a[k:]))
		}
		for ; k < s.depth; k++ {
			for j, y := range s.b[s.taps[k]/size:][:len(sums)] {
				sums[j] += a[k] * y
			}
		}
		if s.flags&addRowBias != 0 {
			Fill(c, s.bias[i])
			flat.flags, flat.beta = s.flags&^addRowBias|addBeta, 1
		}
		flat.finishRow(c, sums, 0)
	}
}

// genericTapRows is runTapRows in portable Go. It packs the rows of a tile at a time.
func genericTapRows[T Float](s *tapStrip[T]) {
	size := sizeof[T]()
	a := borrow[T](genericTileRows * s.depth)
	defer giveBack(a)
	tile := s.strip
	tile.a, tile.aRow, tile.aCol, tile.aPanel = a, size, genericTileRows*size, 0
	for i := 0; i < s.rows; i += genericTileRows {
		tile.rows, tile.c = min(genericTileRows, s.rows-i), s.c[i*s.cRow/size:]
		for r, tap := range s.taps[i : i+tile.rows] {
			for k, x := range s.a[tap/size:][:s.depth] {
				a[k*genericTileRows+r] = x
			}
		}
		genericStrip(&tile)
	}
}

// outer sets s to compute rows × cols elements of C, which begin at c, from a panel of B.
func (s *tapStrip[T]) outer(c, panel []T, rows, cols, depth, tileRows, tileCols int) {
	size := sizeof[T]()
	s.c, s.b = c, panel
	s.rows, s.cols, s.depth = rows, cols, depth
	s.aRow, s.aPanel, s.bRow = 8, 8*tileRows, size*tileCols
}
