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
	var sums [dotLinesAtOnce]T
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

// dotLanes is the number of interleaved sums of an inner product in portable Go.
const dotLanes = 8

// dotLinesGeneric computes the inner products of x and the lines of w, which are line elements apart. Product k is added to sum
// k mod dotLanes; at the end the sums are folded in halves.
func dotLinesGeneric[T Float](sums, x, w []T, line int) {
	for i := range sums {
		a, b := x, w[i*line:][:len(x)]
		var s0, s1, s2, s3, s4, s5, s6, s7 T
		for ; len(a) >= dotLanes && len(b) >= dotLanes; a, b = a[dotLanes:], b[dotLanes:] {
			p, q := (*[dotLanes]T)(a), (*[dotLanes]T)(b)
			s0 += p[0] * q[0]
			s1 += p[1] * q[1]
			s2 += p[2] * q[2]
			s3 += p[3] * q[3]
			s4 += p[4] * q[4]
			s5 += p[5] * q[5]
			s6 += p[6] * q[6]
			s7 += p[7] * q[7]
		}
		s := [dotLanes]T{s0, s1, s2, s3, s4, s5, s6, s7}
		for k, v := range a {
			s[k] += v * b[k]
		}
		sums[i] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
	}
}
