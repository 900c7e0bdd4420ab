package kernels

import "fmt"

// A product is one matrix product in progress. It cuts the result into blocks, packs the parts of the operands for which
// that pays, and passes the strips of each block to the micro-kernel.
type product[T Float] struct {
	isa               ISA
	tileRows          int
	tileCols          int
	rows, cols, depth int
	a, b              operand[T]
	aLines, bLines    lines[T] // a and b, if they are plain matrices
	aPlain, bPlain    bool     // read a or b in place
	c                 []T
	cRow              int
	alpha, beta       T
	ep                *Epilogue[T]
	sums              []T // of the columns of B, or nil

	pool       *Pool
	depthBlock int // depth of a strip
	rowBlock   int // rows of A packed together, to stay in the second-level cache
	colBlock   int // columns of B packed together
	byRows     bool
	byDots     bool
	byChunks   bool // each worker packs its own operands, or reads them in place, see chunks
	inOrder    bool // never by dots
	grain      int  // rows or columns of a piece of work
	pass       int  // depth of B packed together: whole blocks

	j0, j1 int // the packed columns
	k0, k1 int // the packed depths
	packed []T // their panels: for each block of the depth, all panels one after the other

	prepacked bool // packed belongs to a Packed, and is complete

	onRows, onCols, onPanels, onDots, onChunks, onSums func(lo, hi int) // methods, bound once
}

// newProduct returns a product in the form i. The caller must free it.
func newProduct[T Float](i ISA) *product[T] {
	g, ok := scratchOf[T]().products.pop()
	if !ok {
		g = new(product[T])
		g.onRows = func(lo, hi int) { g.block(lo, hi, g.j0, g.j1) }
		g.onCols = func(lo, hi int) { g.block(0, g.rows, g.j0+lo, g.j0+hi) }
		g.onPanels = g.packPanels
		g.onDots = g.dots
		g.onChunks = g.chunks
		g.onSums = g.columnSums
	}
	g.isa = formOf[T](i)
	g.tileRows, g.tileCols = tileSize[T](i)
	g.a, g.b = &g.aLines, &g.bLines
	return g
}

// set sets the result, the left operand and the epilogue.
func (g *product[T]) set(c, a Matrix[T], alpha, beta T, ep *Epilogue[T]) {
	c.check("c")
	a.check("a")
	g.rows, g.cols = c.Rows, c.Cols
	g.c, g.cRow = c.Data, c.Stride
	rows, depth := a.shape()
	if rows != g.rows {
		panic(fmt.Sprintf("kernels: MatMul: a: got %d rows, want %d as in c", rows, g.rows))
	}
	g.depth, g.depthBlock = depth, depthBlock(depth)
	g.aLines = a.lines()
	if ep != nil {
		ep.check(g.rows, g.cols)
	}
	g.alpha, g.beta, g.ep = alpha, beta, ep
}

// setB sets the right operand, a plain matrix.
func (g *product[T]) setB(b Matrix[T], inOrder bool) {
	b.check("b")
	if rows, cols := b.shape(); rows != g.depth || cols != g.cols {
		panic(fmt.Sprintf("kernels: MatMul: b: got %d × %d, want %d × %d", rows, cols, g.depth, g.cols))
	}
	g.bLines = b.Transposed().lines()
	g.inOrder = inOrder
}

// free returns g for reuse; it drops the caller's slices.
func (g *product[T]) free() {
	if !g.prepacked {
		giveBack(g.packed)
	}
	*g = product[T]{onRows: g.onRows, onCols: g.onCols, onPanels: g.onPanels, onDots: g.onDots, onChunks: g.onChunks, onSums: g.onSums}
	scratchOf[T]().products.push(g)
}

// run computes c.
func (g *product[T]) run() {
	if g.depth == 0 {
		g.block(0, g.rows, 0, g.cols)
		return
	}
	if g.byDots {
		g.pool.For(g.cols, g.grain, g.onDots)
		return
	}
	if g.byChunks {
		n := g.cols
		if g.byRows {
			n = g.rows
		}
		g.pool.For(n, g.grain, g.onChunks)
		return
	}
	for g.j0 = 0; g.j0 < g.cols; g.j0 = g.j1 {
		g.j1 = min(g.j0+g.colBlock, g.cols)
		for g.k0 = 0; g.k0 < g.depth; g.k0 = g.k1 {
			g.k1 = min(g.k0+g.pass, g.depth)
			g.packB()
			if g.byRows {
				g.pool.For(g.rows, g.grain, g.onRows)
			} else {
				g.pool.For(g.j1-g.j0, g.grain, g.onCols)
			}
		}
	}
}

// block computes the rows [i0, i1) and the columns [j0, j1) of c, as far as the depths [k0, k1) go.
func (g *product[T]) block(i0, i1, j0, j1 int) {
	var buf []T
	if !g.aPlain {
		buf = borrow[T](ceilTo(min(g.rowBlock, i1-i0), g.tileRows) * g.depthBlock)
		defer giveBack(buf)
	}
	rows := pieceOf(i1-i0, g.rowBlock, g.tileRows, 1)
	for i := i0; i < i1; i += rows {
		i2 := min(i+rows, i1)
		for k := g.k0; k < g.k1; k += g.depthBlock {
			g.strips(buf, i, i2, j0, j1, k, min(k+g.depthBlock, g.k1))
		}
		if g.depth == 0 {
			g.empty(i, i2, j0, j1)
		}
		if g.k1 == g.depth {
			g.ep.block(g.c, g.cRow, i, i2, j0, j1)
		}
	}
}

// strips adds the products at depths [k0, k1) to the rows [i0, i1) and the columns [j0, j1) of c. buf holds packed rows of
// A.
func (g *product[T]) strips(buf []T, i0, i1, j0, j1, k0, k1 int) {
	s := g.strip(buf, i0, i1, k0, k1)
	for j := j0; j < j1; j += s.cols {
		s.cols = stripCols[T](g.isa, s.rows, j1-j)
		g.setColumns(&s, i0, j)
		g.setPanel(&s, j, k0)
		runStrip(g.isa, &s)
	}
}

// strip returns the strip of the rows [i0, i1) at depths [k0, k1), without its columns. buf is for packed rows of A.
func (g *product[T]) strip(buf []T, i0, i1, k0, k1 int) strip[T] {
	size, depth := sizeof[T](), k1-k0
	s := strip[T]{rows: i1 - i0, depth: depth, cRow: g.cRow * size, alpha: g.alpha}
	if g.aPlain {
		l := &g.aLines
		s.a = l.data[i0*l.lineStride+k0*l.depthStride:]
		s.aRow, s.aCol, s.aPanel = l.lineStride*size, l.depthStride*size, g.tileRows*l.lineStride*size
	} else {
		g.a.pack(buf, g.tileRows, i0, i1, k0, k1)
		s.a = buf
		s.aRow, s.aCol, s.aPanel = size, g.tileRows*size, g.tileRows*depth*size
	}
	if s.beta = g.beta; k0 > 0 {
		s.beta = 1
	}
	if s.beta != 0 {
		s.flags |= addBeta
	}
	if k1 == g.depth {
		s.flags |= g.ep.inStrip()
	}
	return s
}

// setColumns sets c and the bias of s to those of row i and column j.
func (g *product[T]) setColumns(s *strip[T], i, j int) {
	s.c = g.c[i*g.cRow+j:]
	if s.flags&addBias != 0 {
		s.bias = g.ep.Bias[j:]
	}
}

// setPanel sets the panel of s to the one of B that begins at column j and depth k.
func (g *product[T]) setPanel(s *strip[T], j, k int) {
	size := sizeof[T]()
	if g.bPlain {
		s.b = g.bLines.data[j+k*g.bLines.depthStride:]
		s.bRow, s.bPanel = g.bLines.depthStride*size, g.tileCols*size
		return
	}
	s.b = g.packed[(k-g.k0)*ceilTo(g.j1-g.j0, g.tileCols)+(j-g.j0)*s.depth:]
	s.bRow, s.bPanel = g.tileCols*size, g.tileCols*s.depth*size
}

// empty finishes the empty sums of a product of depth 0.
func (g *product[T]) empty(i0, i1, j0, j1 int) {
	s := strip[T]{alpha: g.alpha, beta: g.beta, flags: g.ep.inStrip()}
	if g.beta != 0 {
		s.flags |= addBeta
	}
	if s.flags&addBias != 0 {
		s.bias = g.ep.Bias[j0:]
	}
	zeros := make([]T, j1-j0)
	for i := i0; i < i1; i++ {
		clear(zeros)
		s.finishRow(g.c[i*g.cRow:][j0:j1], zeros, 0)
	}
}
