package kernels

// dots computes the columns [lo, hi) of a product of few rows with a transposed b. Packing would take longer than the
// product, so each element is an inner product of two contiguous lines, summed in an order of its own.
func (g *product[T]) dots(lo, hi int) {
	x := borrow[T](g.depth)
	defer giveBack(x)
	s := strip[T]{alpha: g.alpha, beta: g.beta, flags: g.ep.inStrip()}
	if g.beta != 0 {
		s.flags |= addBeta
	}
	var sums [4]T
	for i := range g.rows {
		if g.aLines.depthStride == 1 {
			copy(x, g.aLines.data[i*g.aLines.lineStride:])
		} else {
			for k := range x {
				x[k] = g.aLines.data[i*g.aLines.lineStride+k*g.aLines.depthStride]
			}
		}
		for j := lo; j < hi; j += len(sums) {
			n := min(len(sums), hi-j)
			dotLines(g.isa, sums[:n], x, g.bLines.data[j*g.bLines.lineStride:], g.bLines.lineStride)
			if g.ep != nil && g.ep.Bias != nil {
				s.bias = g.ep.Bias[j:]
			}
			s.finishRow(g.c[i*g.cRow+j:][:n], sums[:n], 0)
		}
		g.ep.block(g.c, g.cRow, i, i+1, lo, hi)
	}
}

// dotLinesGeneric computes the inner products of x and the lines of w, which are line elements apart. It sums the even and
// the odd products separately.
func dotLinesGeneric[T Float](sums, x, w []T, line int) {
	for i := range sums {
		var even, odd T
		y := w[i*line:][:len(x)]
		k := 0
		for ; k+2 <= len(x); k += 2 {
			even += x[k] * y[k]
			odd += x[k+1] * y[k+1]
		}
		if k < len(x) {
			even += x[k] * y[k]
		}
		sums[i] = even + odd
	}
}
