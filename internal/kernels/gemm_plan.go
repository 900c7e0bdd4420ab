package kernels

// Sizes that decide how a product is cut. Only depthLimit, at which sums are split, changes results.
const (
	depthLimit    = 288       // of a block: a panel of B stays in the first-level cache
	rowBytes      = 64 << 10  // bytes of a block of A, in the second-level cache, which another thread may share
	packedLimit   = 1 << 20   // elements of B packed at once
	cachedResult  = 1 << 18   // elements of a result that stays in the cache
	packGrain     = 16 << 10  // elements of B in a piece of work, at least
	plainRows     = 32        // up to this number of rows of A, operands are read in place if possible
	readAgain     = 4 << 20   // up to this number of bytes of A, each worker reads all of it
	dotRows       = 2         // up to this number of rows of A, elements are inner products if B is transposed
	plainCols     = 64        // up to this number of columns of B, A is read in place
	plainDepth    = 64        // up to this depth, A is read in place
	aliasBytes    = 4 << 10   // lines a multiple of this number of bytes apart share a set of the first-level cache
	packCols      = 512       // from this number of columns of B on, A is packed even if it is not transposed (but see inPlace)
	parallelFlops = 600e3     // from this number of operations on, the workers divide a product
	parallelBytes = 200 << 10 // from this number of bytes in operands and result on, they do so too

	// In portable Go.
	genericRowBytes  = 8 << 10 // rowBytes
	genericPackRows  = 6       // from this number of rows of A on,
	genericPackDepth = 12      // and from this depth on, operands are packed

	simdPlainRows = 8 // in SIMD128, up to this number of rows of A, operands are read in place if possible
)

// depthBlock returns the depth of a strip, which depends only on the depth of the product.
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
	few := m <= dotRows && n > 1 // a single column is a plain b as well
	g.byDots = few && g.bLines.depthStride == 1 && !g.prepacked && !g.inOrder
	g.bPlain = m <= plainRows && g.bLines.lineStride == 1 && !g.prepacked
	g.aPlain = n <= plainCols || k <= plainDepth || g.aLines.depthStride == 1 && (m <= plainRows || n < packCols)
	if g.isa == Generic {
		g.bPlain = (m < genericPackRows || k < genericPackDepth) && g.bLines.lineStride == 1 && !g.prepacked
		g.aPlain = g.bPlain || m == 1
	}
	if g.isa == SIMD128 { // packing is one call, and rows apart are slow to read
		g.bPlain, g.aPlain = g.bPlain && m <= simdPlainRows, m <= simdPlainRows
	}
	g.colBlock, g.pass = n, k
	if plain := g.bPlain || g.prepacked; !plain && n*k > packedLimit && m*n <= cachedResult {
		// The result is added to in several passes, each with all columns of B, so that A is packed only once.
		g.pass = max(1, packedLimit/n/g.depthBlock) * g.depthBlock
	} else if !plain {
		g.colBlock = min(n, max(g.tileCols, packedLimit/max(k, 1)/g.tileCols*g.tileCols))
	}
	limit := rowBytes
	if g.isa == Generic { // short panels of B: a block of A stays in the first-level cache
		limit = genericRowBytes
	}
	g.rowBlock = max(1, limit/size/max(g.depthBlock, 1)/g.tileRows) * g.tileRows
	g.pool = p
	if 2*float64(m)*float64(n)*float64(k) < parallelFlops && (m*k+k*n+m*n)*size < parallelBytes {
		g.pool = nil
	}
	g.byRows = m >= n && !g.byDots && !g.ownPanels() && !g.evenPanels()
	if g.byRows {
		g.grain = g.tileRows // so that the parts of two workers meet where those of other loops over the rows do
	} else {
		g.grain = pieceOf(g.colBlock, g.colBlock, g.tileCols, g.pool.Workers())
	}
	g.rowBlock = min(g.rowBlock, ceilTo(m, g.tileRows))
	if g.byChunks = g.chunksPay(); g.byChunks && g.byRows {
		g.grain = pieceOf(m, m, g.tileRows, g.pool.Workers())
	}
	if g.isa == AVX512 || g.isa == AVX2 {
		g.aPlain = g.aPlain || g.inPlace()
		g.bPlain = g.bPlain || g.byChunks && g.isa == AVX512 && g.bLines.sideBySide()
	}
}

// inPlace reports whether tiles read A where it is, in place of packing it. That took up to 15% less time for a whole product if
// A is transposed, and up to 7% if it is not and has one block of the depth (measured).
func (g *product[T]) inPlace() bool {
	return g.aLines.depthStride == 1 && g.depth <= depthLimit || g.aLines.sideBySide()
}

// sideBySide reports whether elements of equal depth are contiguous, and those of the next depths in other sets of the cache. Tiles of
// AVX2 and AVX-512 then read them as fast as packed ones. But those of AVX2 read B too often.
func (l *lines[T]) sideBySide() bool {
	return l.lineStride == 1 && l.depthStride*sizeof[T]()%aliasBytes != 0
}

// ownPanels reports whether the workers divide the columns although there are more rows. Then each reads its own panels of
// B, which it has often packed itself and still has in its cache. That costs nothing if A is read in place and is small
// enough for each worker to read all of it.
func (g *product[T]) ownPanels() bool {
	return g.aPlain && !g.bPlain && g.rows*g.depth*sizeof[T]() <= readAgain &&
		g.cols >= 4*g.tileCols*g.pool.Workers()
}

// evenPanels reports whether the workers divide the columns although there are more rows, since they get the same number of panels
// but, of few tiles of rows, some would get one more. B must be packed and A read in place, so that nothing is done twice.
func (g *product[T]) evenPanels() bool {
	workers := g.pool.Workers()
	tiles, panels := (g.rows+g.tileRows-1)/g.tileRows, (g.cols+g.tileCols-1)/g.tileCols
	return g.prepacked && g.aPlain && panels%workers == 0 && tiles%workers != 0 && tiles < 16*workers
}

// pieceOf returns the size of pieces of n: a multiple of tile, if possible at most limit, nearly equal, and the same number
// of pieces for each worker.
func pieceOf(n, limit, tile, workers int) int {
	n, limit = max(n, 1), max(limit, 1)
	pieces := (n + limit*workers - 1) / (limit * workers) * workers
	return ceilTo((n+pieces-1)/pieces, tile)
}
