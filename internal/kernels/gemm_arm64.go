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
	if i == Generic || !single[T]() || len(x) == 0 {
		dotLinesGeneric(sums, x, w, line)
		return
	}
	if _ = w[(len(sums)-1)*line+len(x)-1]; len(sums) == 4 {
		dotLinesNEON(pointer(sums), pointer(x), pointer(w), 4*line, len(x))
		return
	}
	for n := range sums {
		var same [4]float32
		dotLinesNEON(&same[0], pointer(x), pointer(w[n*line:]), 0, len(x))
		sums[n] = T(same[0])
	}
}

// vectorPack returns false: panels are packed one by one.
func vectorPack[T Float](*lines[T], []T, int, int, int, int, int) bool { return false }

// copyRows copies rows of n elements from one matrix to another.
func copyRows[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	if !vectorised[T](rows*n) || n != 8 && n != 12 || rows == 0 {
		copyRowsGeneric(dst, src, srcRow, dstRow, n, rows)
		return
	}
	_, _ = dst[(rows-1)*dstRow+n-1], src[(rows-1)*srcRow+n-1]
	if n == 8 {
		copyRows8NEON(pointer(dst), pointer(src), 4*srcRow, 4*dstRow, rows)
	} else {
		copyRows12NEON(pointer(dst), pointer(src), 4*srcRow, 4*dstRow, rows)
	}
}

// transpose writes the transpose of a rows × cols matrix to dst. If the size is not a multiple of a block's, the last block
// overlaps the one before.
func transpose[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	const n = 4
	if !vectorised[T](rows*cols) || min(rows, cols) < n {
		transposeGeneric(dst, src, srcRow, dstRow, rows, cols)
		return
	}
	_, _ = dst[(cols-1)*dstRow+rows-1], src[(rows-1)*srcRow+cols-1]
	for i := 0; i < rows; i += n {
		i = min(i, rows-n)
		from, to := src[i*srcRow:], dst[i:]
		transpose4NEON(pointer(to), pointer(from), 4*srcRow, 4*dstRow, cols/n)
		if cols%n != 0 {
			transpose4NEON(pointer(to[(cols-n)*dstRow:]), pointer(from[cols-n:]), 4*srcRow, 4*dstRow, 1)
		}
	}
}

// peakLoop returns a loop of multiply-adds in the form i and the operations in each round, or nil if the form has none.
func peakLoop[T Float](i ISA) (loop func(n int), flops int) {
	if i == Generic || !single[T]() {
		return nil, 0
	}
	return peakNEON, 24 * 4 * 2
}
