package kernels

// A triangle says which scores of a block matter: in row r the first seen+r·step, as far as there are so many. The products of a
// block leave out tiles of others.
//
// If alone is set, products with weights take one row at a time: a NaN or an infinity would pass through weights of 0 that a tile has
// above the diagonal.
type triangle struct {
	seen, step int
	alone      bool
}

// together returns the number of lines of a block, of n and across the given width, that a product with weights may take at once.
func (t triangle) together(tile, n, width int) int {
	switch {
	case t.full(width):
		return n
	case t.alone:
		return 1
	}
	return tile
}

// full reports whether all scores of a block of the given width matter.
func (t triangle) full(width int) bool { return t.seen >= width }

// first returns the first row in which the score in column j matters, if there is one.
func (t triangle) first(j int) int {
	if t.step == 0 {
		return 0
	}
	return max(0, j+1-t.seen)
}

// scores is times with one score for each row and each of the columns of b; it need not set those that do not matter.
func scores[T Float](t triangle, c []T, cRow int, a []T, aRow, rows, depth int, b factor[T], cols int, alpha T, bias []T, next *ahead) {
	if t.full(cols) {
		times(c, cRow, a, aRow, 1, rows, depth, b, cols, alpha, false, bias, next)
		return
	}
	tile, _ := tileSize[T](isa)
	part := func(j, n, r, end int) { // n columns from j on, and the rows [r, end)
		panel := factor[T]{b.data[j/b.width*b.panel:], b.row, b.panel, b.width}
		var more []T
		if bias != nil {
			more = bias[j:]
		}
		if r < end {
			times(c[r*cRow+j:], cRow, a[r*aRow:], aRow, 1, end-r, depth, panel, n, alpha, false, more, next)
		}
	}
	for j := 0; j < cols; j += b.width {
		n, r := min(b.width, cols-j), t.first(j)/tile*tile
		if half := b.width / 2; n > half && isa == AVX512 && single[T]() { // the first rows need the left half of the panel only
			end := min(rows, t.first(j+half)/tile*tile)
			part(j, half, r, end)
			r = max(r, end)
		}
		part(j, n, r, rows)
	}
}

// byRows sets c = alpha·weights·b, plus c if add is set. weights is a block of scores of the given width and stride, 0 where
// they do not matter.
func byRows[T Float](t triangle, c []T, cRow int, weights []T, stride, rows, width int, b factor[T], cols int, alpha T, add bool, next *ahead) {
	tile, _ := tileSize[T](isa)
	tile = t.together(tile, rows, width)
	var s blockStrip[T]
	s.set(cRow, stride, 1, b, cols, alpha, add, next)
	for r := 0; r < rows; r += tile {
		n := min(tile, rows-r)
		depth := max(0, min(width, t.seen+(r+n-1)*t.step))
		if depth == 0 && !add {
			for i := r; i < r+n; i++ {
				clear(c[i*cRow:][:cols])
			}
		}
		s.times(c[r*cRow:], weights[r*stride:], n, depth, b.data)
	}
}

// byColumns sets c = alpha·weightsᵀ·b, plus c in the rows before number old; see byRows. Each column of weights has a score that
// matters.
func byColumns[T Float](t triangle, c []T, cRow int, weights []T, stride, rows, width int, b factor[T], cols int, alpha T, old int, next *ahead) {
	if old > 0 && old < width {
		byColumns(t, c, cRow, weights, stride, rows, old, b, cols, alpha, old, next)
		t.seen -= old
		byColumns(t, c[old*cRow:], cRow, weights[old:], stride, rows, width-old, b, cols, alpha, 0, next)
		return
	}
	tile, _ := tileSize[T](isa)
	tile = t.together(tile, width, width)
	var s blockStrip[T]
	s.set(cRow, 1, stride, b, cols, alpha, old > 0, next)
	for j := 0; j < width; j += tile {
		r := t.first(j)
		s.times(c[j*cRow:], weights[r*stride+j:], min(tile, width-j), rows-r, b.data[r*b.row:])
	}
}
