package kernels

// Sizes that decide how a product is cut. They change no result, but for depthLimit, which is where sums are split.
const (
	depthLimit    = 288       // of a block of the depth: a panel of B stays in the first-level cache
	rowBytes      = 64 << 10  // of a block of A, in the second-level cache, which another thread may share
	packedLimit   = 1 << 20   // elements of B packed at once
	packGrain     = 16 << 10  // elements of B that are worth a piece of work
	plainRows     = 32        // up to so many rows of A, operands are read where they are if that is possible
	readAgain     = 4 << 20   // up to so many bytes of A, each worker reads all of it
	dotRows       = 2         // up to so many rows of A, elements are inner products if B is transposed
	plainCols     = 64        // up to so many columns of B, A is read where it is
	plainDepth    = 64        // the same, up to such a depth
	packCols      = 512       // from so many columns of B on, even the rows of an A that is not transposed are packed
	parallelFlops = 600e3     // from so many operations on, a product is shared out
	parallelBytes = 200 << 10 // the same, from so many bytes of the operands and the result on
)

// depthBlock returns how much of the depth a strip takes, a number that depends on the depth alone.
func depthBlock(depth int) int {
	blocks := (depth + depthLimit - 1) / depthLimit
	if blocks <= 1 {
		return depth
	}
	return (depth + blocks - 1) / blocks
}

// ceilTo returns n rounded up to a multiple of m.
func ceilTo(n, m int) int { return (n + m - 1) / m * m }

// plan decides how to cut the product for p's workers.
func (g *product[T]) plan(p *Pool) {
	m, n, k, size := g.rows, g.cols, g.depth, sizeof[T]()
	g.byDots = m <= dotRows && n > 1 && g.bLines.depthStride == 1 && !g.prepacked // a single column is a plain b as well
	g.bPlain = m <= plainRows && g.bLines.lineStride == 1 && !g.prepacked
	g.aPlain = n <= plainCols || k <= plainDepth || g.aLines.depthStride == 1 && (m <= plainRows || n < packCols)
	if g.isa == Generic { // its strips read rows of B from any place as fast
		g.bPlain, g.aPlain = g.bLines.lineStride == 1 && !g.prepacked, true
	}
	g.colBlock = n
	if !g.bPlain && !g.prepacked {
		g.colBlock = min(n, max(g.tileCols, packedLimit/max(k, 1)/g.tileCols*g.tileCols))
	}
	g.rowBlock = max(1, rowBytes/size/max(g.depthBlock, 1)/g.tileRows) * g.tileRows
	g.pool = p
	if 2*float64(m)*float64(n)*float64(k) < parallelFlops && (m*k+k*n+m*n)*size < parallelBytes {
		g.pool = nil
	}
	g.byRows = m >= n && !g.byDots && !g.ownPanels()
	if g.byRows {
		g.grain = pieceOf(m, g.rowBlock, g.tileRows, g.pool.Workers())
	} else {
		g.grain = pieceOf(g.colBlock, g.colBlock, g.tileCols, g.pool.Workers())
	}
	g.rowBlock = min(g.rowBlock, ceilTo(m, g.tileRows))
}

// ownPanels tells whether workers share out the columns though there are more rows: so that each reads panels of B of its own, often
// those that it has packed, which stay in its cache. That costs nothing if A is read where it is and can be read by each.
func (g *product[T]) ownPanels() bool {
	return g.aPlain && !g.bPlain && g.rows*g.depth*sizeof[T]() <= readAgain &&
		g.cols >= 4*g.tileCols*g.pool.Workers()
}

// pieceOf returns the size of pieces of n, multiples of tile, that are not greater than limit if possible and nearly equal,
// and of which each worker gets the same number.
func pieceOf(n, limit, tile, workers int) int {
	n, limit = max(n, 1), max(limit, 1)
	pieces := (n + limit*workers - 1) / (limit * workers) * workers
	return ceilTo((n+pieces-1)/pieces, tile)
}
