//go:build !noasm

package kernels

import "unsafe"

// first returns the address of s for the assembly.
func (s *strip[T]) first() *byte { return (*byte)(unsafe.Pointer(s)) }

// runStrip runs the micro-kernel of the form i.
func runStrip[T Float](i ISA, s *strip[T]) {
	if formOf[T](i) == Generic {
		genericStrip(s)
	} else if single[T]() {
		stripNEON(s.first())
	} else {
		stripDoubleNEON(s.first())
	}
}

// runTaps runs the micro-kernel of the form in use, with tapped rows of B.
func runTaps[T Float](s *tapStrip[T]) {
	if formOf[T](isa) == Generic {
		genericTaps(s)
	} else if single[T]() {
		tapStripNEON(s.first())
	} else {
		tapStripDoubleNEON(s.first())
	}
}

// runTapRows runs the micro-kernel of the form in use, with tapped rows of A.
func runTapRows[T Float](s *tapStrip[T]) {
	if formOf[T](isa) == Generic {
		genericTapRows(s)
	} else if single[T]() {
		tapRowStripNEON(s.first())
	} else {
		tapRowStripDoubleNEON(s.first())
	}
}

// dotLinesAtOnce is the number of lines that dotLines takes at most.
const dotLinesAtOnce = 4

// dotLines computes the inner products of x and up to four lines of w, which are line elements apart.
func dotLines[T Float](i ISA, sums, x, w []T, line int) {
	if i == Generic || len(x) == 0 {
		dotLinesGeneric(sums, x, w, line)
		return
	}
	if _ = w[(len(sums)-1)*line+len(x)-1]; len(sums) == 4 {
		dotFour((*[4]T)(sums), x, w, line)
		return
	}
	for n := range sums {
		var same [4]T
		dotFour(&same, x, w[n*line:], 0)
		sums[n] = same[0]
	}
}

// dotFour is dotLines for exactly four lines.
func dotFour[T Float](sums *[4]T, x, w []T, line int) {
	if out := sums[:]; single[T]() {
		dotLinesNEON(pointer(out), pointer(x), pointer(w), 4*line, len(x))
	} else {
		dotLinesDoubleNEON(double(out), double(x), double(w), 8*line, len(x))
	}
}

// double returns the address of the first element of x, a slice of float64 elements.
func double[T Float](x []T) *float64 { return (*float64)(unsafe.Pointer(unsafe.SliceData(x))) }

// vectorPack returns false: panels are packed one by one.
func vectorPack[T Float](*lines[T], []T, int, int, int, int, int) bool { return false }

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	size := sizeof[T]()
	if isa == Generic || n*size != 32 && n*size != 48 && n*size != 64 || rows == 0 {
		copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
		return
	}
	_, _ = dst[(rows-1)*dstRow+n-1], src[(rows-1)*srcRow+n-1]
	to, from := (*byte)(unsafe.Pointer(&dst[0])), (*byte)(unsafe.Pointer(&src[0]))
	switch srcRow, dstRow = srcRow*size, dstRow*size; n * size {
	case 32:
		copyRows32NEON(to, from, srcRow, dstRow, rows)
	case 48:
		copyRows48NEON(to, from, srcRow, dstRow, rows)
	default:
		copyRows64NEON(to, from, srcRow, dstRow, rows)
	}
}

// transpose writes the transpose of a rows × cols matrix to dst. If the size is not a multiple of a block's, the last block
// overlaps the one before.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	n := 16 / sizeof[T]()
	if isa == Generic || min(rows, cols) < n {
		transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstRow+rows-1], src[(rows-1)*srcRow+cols-1]
	for i := 0; i < rows; i += n {
		i = min(i, rows-n)
		from, to := src[i*srcRow:], dst[i:]
		transposeBlocks(to, from, srcRow, dstRow, cols/n)
		if cols%n != 0 {
			transposeBlocks(to[(cols-n)*dstRow:], from[cols-n:], srcRow, dstRow, 1)
		}
	}
}

// transposeBlocks transposes blocks that are side by side.
func transposeBlocks[T Float](dst, src []T, srcRow, dstRow, blocks int) {
	if single[T]() {
		transpose4NEON(pointer(dst), pointer(src), 4*srcRow, 4*dstRow, blocks)
	} else {
		transpose2DoubleNEON(double(dst), double(src), 8*srcRow, 8*dstRow, blocks)
	}
}

// peakLoop returns a loop of multiply-adds in the form i and the operations in each round, or nil if the form has none.
func peakLoop[T Float](i ISA) (loop func(n int), flops int) {
	switch {
	case i == Generic:
		return nil, 0
	case single[T]():
		return peakNEON, 24 * 4 * 2
	}
	return peakDoubleNEON, 24 * 2 * 2
}
