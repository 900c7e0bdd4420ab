//go:build !noasm

package kernels

import "unsafe"

// runStrip runs the micro-kernel of the form i.
func runStrip[T Float](i ISA, s *strip[T]) {
	if formOf[T](i) == Generic {
		genericStrip(s)
		return
	}
	s.run(simdStrip, nil)
}

// runTaps runs the micro-kernel of the form in use, with tapped rows of B.
func runTaps[T Float](s *tapStrip[T]) {
	if formOf[T](isa) == Generic {
		genericTaps(s)
		return
	}
	s.run(simdTapStrip, s.taps)
}

// runTapRows runs the micro-kernel of the form in use, with tapped rows of A.
func runTapRows[T Float](s *tapStrip[T]) {
	if formOf[T](isa) == Generic {
		genericTapRows(s)
		return
	}
	s.run(simdTapRowStrip, s.taps)
}

// run calls the kernel, whose integers are the fields below in this order.
func (s *strip[T]) run(kernel simdKernel, taps []int) {
	c := simdBegin()
	c.pointers[0], c.pointers[1], c.pointers[2], c.pointers[3] = address(s.a), address(s.b), address(s.c), address(s.bias)
	c.pointers[4] = address(taps)
	c.ints = [...]int{s.aCol, s.aRow, s.aPanel, s.bRow, s.bPanel, s.cRow, s.rows, s.cols, s.depth, int(s.flags), 0, 0}
	c.floats[0], c.floats[1] = float32(s.alpha), float32(s.beta)
	kernel.invoke()
	simd.mu.Unlock()
}

// dotLinesAtOnce is the number of lines that dotLines takes at most.
const dotLinesAtOnce = 64

// dotLines computes the inner products of x and the lines of w, which are line elements apart.
func dotLines[T Float](i ISA, sums, x, w []T, line int) {
	if formOf[T](i) == Generic || len(x)*len(sums) < fewElements {
		dotLinesGeneric(sums, x, w, line)
		return
	}
	_ = w[(len(sums)-1)*line+len(x)-1]
	c := simdBegin()
	c.pointers[0], c.pointers[1], c.pointers[2] = address(c.results[:]), address(x), address(w)
	c.ints[0], c.ints[1], c.ints[2] = 4*line, len(x), len(sums)
	simdDots.invoke()
	for k, v := range c.singles()[:len(sums)] {
		sums[k] = T(v)
	}
	simd.mu.Unlock()
}

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
}

// transpose writes the transpose of a rows × cols matrix to dst.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	if min(rows, cols) < 1 || !vectorised[T](rows*cols) {
		transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstRow+rows-1], src[(rows-1)*srcRow+cols-1]
	simdTranspose.matrix(address(dst), address(src), 4*srcRow, 4*dstRow, rows, cols)
}

// matrix calls a kernel that copies elements from one matrix to another.
func (k simdKernel) matrix(dst, src unsafe.Pointer, ints ...int) {
	c := simdBegin()
	c.pointers[0], c.pointers[1] = dst, src
	copy(c.ints[:], ints)
	k.invoke()
	simd.mu.Unlock()
}

// vectorPack packs all panels in one call, and reports whether it did.
func vectorPack[T Float](l *lines[T], dst []T, width, lo, hi, k0, k1 int) bool {
	n, depth := hi-lo, k1-k0
	if min(n, depth) < 1 || width%4 != 0 || !vectorised[T](n*depth) {
		return false
	}
	from := l.data[lo*l.lineStride+k0*l.depthStride:]
	_, _ = dst[ceilTo(n, width)*depth-width], from[(n-1)*l.lineStride+(depth-1)*l.depthStride]
	if l.depthStride == 1 {
		simdPackAcross.matrix(address(dst), address(from), 4*l.lineStride, width, n, depth)
	} else {
		simdPackAlong.matrix(address(dst), address(from), 4*l.depthStride, width, n, depth)
	}
	return true
}

// vectorGather is GatherRows for rows of at least 64 bytes.
func vectorGather[T Float](dst, src []T, width int, index []int) {
	if len(index) == 0 {
		return
	}
	for _, r := range index {
		_ = src[r*width:][:width]
	}
	c := simdBegin()
	c.pointers[0], c.pointers[1], c.pointers[2] = address(dst), address(src), address(index)
	c.ints[0], c.ints[1] = width*sizeof[T](), len(index)
	simdGather.invoke()
	simd.mu.Unlock()
}
