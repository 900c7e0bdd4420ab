package kernels

import (
	"fmt"
	"unsafe"
)

// MatMulSums computes c = a·b, for a derivative by weights: a is transposed, b and c are not. If sums is not nil, it sets sums[j] to the
// sum of column j of b. The results have the bits of [MatMul] and [ColSum]. But if b has 1024 rows or more and c at most 2¹⁸ elements,
// they are the sums of two such results: of the first half of the rows, and of the rest.
func MatMulSums[T Float](p *Pool, c, a, b Matrix[T], sums []T) {
	if c.T || b.T || !a.T {
		panic("kernels: MatMulSums: got other matrices transposed than a, want a alone to be")
	}
	c.check("c")
	a.check("a")
	b.check("b")
	if a.Rows != b.Rows || a.Cols != c.Rows || b.Cols != c.Cols {
		panic(fmt.Sprintf("kernels: MatMulSums: got matrices of %d × %d, transposed, %d × %d and %d × %d", a.Rows, a.Cols, b.Rows, b.Cols, c.Rows, c.Cols))
	}
	if sums != nil {
		sameLength("MatMulSums", len(sums), c.Cols)
	}
	elements := c.Rows * c.Cols
	if a.Rows < halvesRows || elements == 0 || elements > cachedResult {
		matMulSums(p, c, a, b, sums)
		return
	}
	if 2*float64(elements)*float64(a.Rows) < parallelFlops {
		p = nil
	}
	second := borrow[T](elements + c.Cols)
	j := productHalvesJob[T]{byRows: c.Rows > c.Cols, c: [2]Matrix[T]{c, Dense(second[:elements], c.Rows, c.Cols)}, a: a, b: b}
	if sums != nil {
		j.sums = [2][]T{sums, second[elements:]}
	}
	tileRows, tileCols := tileSize[T](isa)
	if j.byRows {
		j.halves = newHalves(p, a.Rows, c.Rows, tileRows)
	} else {
		j.halves = newHalves(p, a.Rows, c.Cols, tileCols)
	}
	divide(p, j.parts(), 1, j)
	divide(p, c.Rows, max(1, packGrain/c.Cols), addMatrixJob[T]{c, j.c[1]})
	if sums != nil {
		Add(sums, sums, j.sums[1])
	}
	giveBack(second)
}

// A productHalvesJob computes parts of the two products over half of the depth each.
type productHalvesJob[T Float] struct {
	halves
	byRows bool // the columns of halves are rows of c
	c      [2]Matrix[T]
	a, b   Matrix[T]
	sums   [2][]T
}

func (j *productHalvesJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		half, k0, k1, from, to := j.part(i)
		c, sums := j.c[half], j.sums[half]
		a, b := j.a.block(k0, k1, 0, j.a.Cols), j.b.block(k0, k1, 0, j.b.Cols)
		if j.byRows {
			c, a = c.block(from, to, 0, c.Cols), a.block(0, a.Rows, from, to)
			if from > 0 {
				sums = nil
			}
		} else {
			c, b = c.block(0, c.Rows, from, to), b.block(0, b.Rows, from, to)
			if sums != nil {
				sums = sums[from:to]
			}
		}
		matMulSums(nil, c, a, b, sums)
	}
}

// block returns some rows and columns of the stored matrix, of which there must be some.
func (m Matrix[T]) block(row0, row1, col0, col1 int) Matrix[T] {
	m.Data, m.Rows, m.Cols = m.Data[row0*m.Stride+col0:], row1-row0, col1-col0
	return m
}

// An addMatrixJob adds rows of a matrix to those of another.
type addMatrixJob[T Float] struct{ to, from Matrix[T] }

func (j *addMatrixJob[T]) piece(lo, hi int) {
	for i := lo; i < hi; i++ {
		row := j.to.Data[i*j.to.Stride:][:j.to.Cols]
		Add(row, row, j.from.Data[i*j.from.Stride:][:j.to.Cols])
	}
}

// matMulSums is MatMulSums with the bits of MatMul and ColSum.
func matMulSums[T Float](p *Pool, c, a, b Matrix[T], sums []T) {
	g := newProduct[T](isa)
	defer g.free()
	g.set(c, a, 1, 0, nil)
	g.bLines = b.Transposed().lines()
	g.plan(p)
	g.sums = sums
	g.run()
	if sums != nil && !g.byChunks {
		p.For(g.cols, max(64, packGrain/max(g.depth, 1)), g.onSums)
	}
}

// columnSums sets the sums of the columns [lo, hi) of B.
func (g *product[T]) columnSums(lo, hi int) {
	ColSum(g.sums[lo:hi], g.bLines.data[lo:], g.depth, hi-lo, g.bLines.depthStride)
}

// addPanel adds the columns of a panel, which then is in the cache, to their sums. Its rows are the given number of elements apart. There
// are width columns, at most sumCols, and sums for as many as a panel has. Chunks are computed in AVX2 and AVX-512 only, where
// vectorColSum adds.
func (g *product[T]) addPanel(sums []float64, panel []T, depth, width, row int) {
	lane := (*[sumCols]float64)(unsafe.Pointer(unsafe.SliceData(sums[:sumCols])))
	if vectorised[T](depth * width) {
		vectorColSum(lane, pointer(panel), depth, width, row)
	} else {
		addColumns(lane, panel, depth, width, row, 0)
	}
}
