package kernels

import "unsafe"

// chunkLimit is the number of elements of B that a worker packs at once in chunks: they stay in its second-level cache.
const chunkLimit = 96 << 10

// chunkRows is the number of rows of each worker from which on it packs all of B for them, as the other workers do.
const chunkRows = 48

// chunksPay reports whether the product is one over a long depth, as of the derivative by weights, with a result that stays in the
// cache. Then each worker packs a chunk of B just before it is used, or reads it in place, instead of all workers packing all of B
// beforehand. The operands come from memory that was last used long ago; while a strip is computed, the processor fetches what is next.
func (g *product[T]) chunksPay() bool {
	return (g.isa == AVX512 || g.isa == AVX2) && !g.byDots && !g.bPlain && !g.prepacked && !g.aPlain && g.bLines.lineStride == 1 &&
		g.depth > g.depthBlock && g.rows*g.cols <= cachedResult && (!g.byRows || g.rows >= chunkRows*g.pool.Workers())
}

// chunks computes the rows or, unless byRows is set, the columns [lo, hi) of c.
func (g *product[T]) chunks(lo, hi int) {
	i0, i1, j0, j1 := 0, g.rows, lo, hi
	if g.byRows {
		i0, i1, j0, j1 = lo, hi, 0, g.cols
	}
	most := max(1, chunkLimit/g.depthBlock/g.tileCols) * g.tileCols // columns of a chunk
	var buf, panels []T
	if !g.aPlain {
		buf = borrow[T](g.rowBlock * g.depthBlock)
	}
	if !g.bPlain {
		panels = borrow[T](min(most, ceilTo(j1-j0, g.tileCols)) * g.depthBlock)
	}
	var sums []float64 // of the chunk's columns, sumCols for each panel; only the worker with the first rows has them
	if g.sums != nil && i0 == 0 {
		sums = borrow[float64]((min(most, j1-j0) + g.tileCols - 1) / g.tileCols * sumCols)
	}
	for j := j0; j < j1; j += most {
		end := min(j+most, j1)
		clear(sums)
		for k := 0; k < g.depth; k += g.depthBlock {
			g.chunk(buf, panels, sums, i0, i1, j, end, k, min(k+g.depthBlock, g.depth))
		}
		for i := range min(len(sums), end-j) {
			g.sums[j+i] = T(sums[i/g.tileCols*sumCols+i%g.tileCols])
		}
		g.ep.block(g.c, g.cRow, i0, i1, j, end)
	}
	giveBack(sums)
	giveBack(panels)
	giveBack(buf)
}

// chunk adds the products at depths [k0, k1) to the rows [i0, i1) and the columns [j0, j1) of c. buf and panels hold packed rows of A
// and columns of B, unless these are read in place; sums, unless it is nil, those of the columns.
func (g *product[T]) chunk(buf, panels []T, sums []float64, i0, i1, j0, j1, k0, k1 int) {
	size, depth := sizeof[T](), k1-k0
	for i := i0; i < i1; i += g.rowBlock {
		end := min(i+g.rowBlock, i1)
		s := aheadStrip[T]{strip: g.strip(buf, i, end, k0, k1)}
		for j := j0; j < j1; j += s.cols {
			s.cols = min(g.tileCols, j1-j)
			if g.bPlain {
				g.setPanel(&s.strip, j, k0)
			} else {
				s.b, s.bRow, s.bPanel = panels[(j-j0)*depth:], g.tileCols*size, g.tileCols*depth*size
				if i == i0 {
					g.b.pack(s.b, g.tileCols, j, j+s.cols, k0, k1)
				}
			}
			if i == i0 && sums != nil {
				g.addPanel(sums[(j-j0)/g.tileCols*sumCols:], s.b, depth, s.cols, s.bRow/size)
			}
			g.setColumns(&s.strip, i, j)
			s.flags &^= fetchAhead
			switch next := j + s.cols; {
			case next == j1 && end < i1:
				s.fetch(&g.aLines, end, k0)
			case next == j1 && k1 < g.depth:
				s.fetch(&g.aLines, i0, k1)
			case i == i0 && next < j1:
				s.fetch(&g.bLines, next, k0)
			case j == j0 && k1 < g.depth:
				s.fetch(&g.bLines, j, k1)
			}
			runStrip(g.isa, &s.strip)
		}
	}
}

// fetchBehind has memory fetched that is read without gaps: two tiles take every second piece each.
func (s *aheadStrip[T]) fetchBehind(next []T) {
	s.flags |= fetchAhead
	s.ahead, s.aheadRow = uintptr(unsafe.Pointer(unsafe.SliceData(next))), 128
}

// fetch has the lines from the given one on fetched, from depth k on, if those of equal depth are contiguous.
func (s *aheadStrip[T]) fetch(l *lines[T], line, k int) {
	if l.lineStride != 1 {
		return
	}
	s.flags |= fetchAhead
	s.ahead = uintptr(unsafe.Pointer(unsafe.SliceData(l.data[line+k*l.depthStride:])))
	s.aheadRow = l.depthStride * sizeof[T]()
}
