package kernels

import "math"

// A factor is the right factor of a block's product, in panels as wide as a tile: column j of row k is at
// (j/width)·panel + k·row + j%width.
type factor[T Float] struct {
	data              []T
	row, panel, width int
}

// panelCols returns the number of columns of a factor's panels. Portable Go reads operands that are not packed row by row.
func panelCols[T Float]() int {
	if formOf[T](isa) == Generic {
		return genericCols
	}
	_, cols := tileSize[T](isa)
	return cols
}

// plainFactor returns a matrix of the given stride as a factor.
func plainFactor[T Float](data []T, stride int) factor[T] {
	w := panelCols[T]()
	return factor[T]{data, stride, w, w}
}

// times sets c = alpha·a·b + bias, plus c if add is set. a has the given rows and depth; its element (i, k) is at
// i·aRow + k·aCol.
func times[T Float](c []T, cRow int, a []T, aRow, aCol, rows, depth int, b factor[T], cols int, alpha T, add bool, bias []T, next *ahead) {
	var s blockStrip[T]
	s.set(cRow, aRow, aCol, b, cols, alpha, add, next)
	if s.bias = bias; bias != nil {
		s.flags |= addBias
	}
	s.times(c, a, rows, depth, b.data)
}

// A blockStrip is what the products of a block with one factor have in common.
type blockStrip[T Float] struct {
	strip[T]
	width, panel int // of the factor: the columns of a panel, and elements to the next one
	all          int // columns
	next         *ahead
}

// set sets all but the operands and the bias; see times.
func (s *blockStrip[T]) set(cRow, aRow, aCol int, b factor[T], cols int, alpha T, add bool, next *ahead) {
	size := sizeof[T]()
	tileRows, _ := tileSize[T](isa)
	s.aCol, s.aRow, s.aPanel = aCol*size, aRow*size, tileRows*aRow*size
	s.bRow, s.bPanel, s.cRow = b.row*size, b.panel*size, cRow*size
	s.width, s.panel, s.all, s.alpha, s.next = b.width, b.panel, cols, alpha, next
	if add {
		s.beta, s.flags = 1, addBeta
	}
}

// times is the function times for the rows of the factor that begin with b.
func (s *blockStrip[T]) times(c, a []T, rows, depth int, b []T) {
	if rows == 0 || depth == 0 {
		return
	}
	s.a, s.rows, s.depth = a, rows, depth
	bias := s.bias
	for j := 0; j < s.all; j += s.cols {
		if s.cols = min(s.width, s.all-j); formOf[T](isa) != Generic {
			s.cols = stripCols[T](isa, rows, s.all-j)
		}
		s.b, s.c = b[j/s.width*s.panel:], c[j:]
		if bias != nil {
			s.bias = bias[j:]
		}
		runStrip(isa, &s.strip)
		s.next.spend(rows * depth * s.cols)
	}
	s.bias = bias
}

// A columnPack is the vectors of one head, packed as the columns of a factor, in blocks of keyBlock, each of whole panels: queries
// meet keys.
type columnPack[T Float] struct {
	data        []T
	width, size int
}

// packColumns packs the first n of times vectors of head h of row b, in memory.
func packColumns[T Float](p *Pool, memory *[]T, v Vectors[T], b, times, h, size, n int) columnPack[T] {
	width := panelCols[T]()
	x := columnPack[T]{width: width, size: size}
	x.data = room(memory, x.at(n/keyBlock*keyBlock)+ceilTo(n%keyBlock, width)*size)
	if n > 0 {
		l := lines[T]{data: v.at(b, times, 0, h, size), lineStride: v.Stride, depthStride: 1}
		divide(p, n, keyBlock, columnPackJob[T]{x, l})
	}
	return x
}

// A columnPackJob packs some of the vectors.
type columnPackJob[T Float] struct {
	columnPack[T]
	from lines[T]
}

func (j *columnPackJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i += keyBlock {
		j.from.pack(j.data[j.at(i):], j.width, i, min(i+keyBlock, hi), 0, j.size)
	}
}

// at returns the index of the vectors from number j on, a multiple of keyBlock.
func (x columnPack[T]) at(j int) int { return j / keyBlock * ceilTo(keyBlock, x.width) * x.size }

// from returns the vectors from number j on, a multiple of keyBlock.
func (x columnPack[T]) from(j int) factor[T] {
	return factor[T]{x.data[x.at(j):], x.width, x.width * x.size, x.width}
}

// A rowPack is the vectors of one head, packed as the rows of a factor, in blocks of keyBlock: weights meet values.
type rowPack[T Float] struct {
	data           []T
	width, size, n int
}

// packRows packs the first n of times vectors of head h of row b, in memory.
func packRows[T Float](p *Pool, memory *[]T, v Vectors[T], b, times, h, size, n int) rowPack[T] {
	width := panelCols[T]()
	if formOf[T](isa) == Generic { // which reads rows of any width equally fast
		width = min(width, size)
	}
	x := rowPack[T]{room(memory, ceilTo(size, width)*n), width, size, n}
	if n > 0 {
		l := lines[T]{data: v.at(b, times, 0, h, size), lineStride: 1, depthStride: v.Stride}
		divide(p, n, keyBlock, rowPackJob[T]{x, l})
	}
	return x
}

// A rowPackJob packs some of the vectors.
type rowPackJob[T Float] struct {
	rowPack[T]
	from lines[T]
}

func (j *rowPackJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i += keyBlock {
		j.from.pack(j.data[i*ceilTo(j.size, j.width):], j.width, 0, j.size, i, min(i+keyBlock, hi))
	}
}

// from returns the block of vectors that begins with number j.
func (x rowPack[T]) from(j int) factor[T] {
	return factor[T]{x.data[j*ceilTo(x.size, x.width):], x.width, x.width * min(keyBlock, x.n-j), x.width}
}

// hide returns what to add to the scores of row b's keys, 0 or -Inf, and the number of keys up to the last one that is not
// hidden; nil without a mask. The slice is in memory.
func (a *Attention[T]) hide(memory *[]T, mask []T, b int) (bias []T, visible int) {
	if mask == nil {
		return nil, a.Keys
	}
	bias = room(memory, a.Keys)
	for j, m := range mask[b*a.Keys : (b+1)*a.Keys] {
		if bias[j] = 0; m == 0 {
			bias[j] = T(math.Inf(-1))
		} else {
			visible = j + 1
		}
	}
	return bias, visible
}
