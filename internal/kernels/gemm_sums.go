package kernels

import "unsafe"

// MatMulSums computes c = a·b and sets sums[j] to the sum of column j of b, with the bits of [MatMul] and [ColSum]. c and b must not be
// transposed.
func MatMulSums[T Float](p *Pool, c, a, b Matrix[T], sums []T) {
	if c.T || b.T {
		panic("kernels: MatMulSums: got a transposed matrix, want a only to be transposed")
	}
	b.check("b")
	sameLength("MatMulSums", len(sums), b.Cols)
	g := newProduct[T](isa)
	defer g.free()
	g.set(c, a, 1, 0, nil)
	g.bLines = b.Transposed().lines()
	g.plan(p)
	g.sums = sums
	g.run()
	if !g.byChunks {
		p.For(g.cols, max(64, packGrain/max(g.depth, 1)), g.onSums)
	}
}

// columnSums sets the sums of the columns [lo, hi) of B.
func (g *product[T]) columnSums(lo, hi int) {
	ColSum(g.sums[lo:hi], g.bLines.data[lo:], g.depth, hi-lo, g.bLines.depthStride)
}

// addPanel adds the columns of a packed panel, while it is in the cache, to their sums. There are width columns, at most sumCols, and sums
// for as many as a panel has. Chunks are computed in AVX2 and AVX-512 only, where vectorColSum adds.
func (g *product[T]) addPanel(sums []float64, panel []T, depth, width int) {
	lane := (*[sumCols]float64)(unsafe.Pointer(unsafe.SliceData(sums[:sumCols])))
	if vectorised[T](depth * width) {
		vectorColSum(lane, pointer(panel), depth, width, g.tileCols)
	} else {
		addColumns(lane, panel, depth, width, g.tileCols, 0)
	}
}
