package kernels

//lint:file-ignore U1000 the checker does not see a generic type's methods used through a generic interface

// An operand is a factor of a product: lines, which are rows of A or columns of B, along the depth.
type operand[T Float] interface {
	// pack writes the lines [lo, hi) at depths [k0, k1) to dst, in panels of width lines one after the other. Element
	// (line, k) of a panel is at k·width+line. Lines of the last panel from hi on are never used.
	pack(dst []T, width, lo, hi, k0, k1 int)
}

// lines is an operand made of the rows or columns of a matrix. Element (line, k) is data[line·lineStride+k·depthStride];
// one of the strides is 1.
type lines[T Float] struct {
	data                    []T
	lineStride, depthStride int
}

// lines returns the rows of m, transposed if m.T is set.
func (m Matrix[T]) lines() lines[T] {
	if m.T {
		return lines[T]{m.Data, 1, m.Stride}
	}
	return lines[T]{m.Data, m.Stride, 1}
}

// pack implements operand.
func (l *lines[T]) pack(dst []T, width, lo, hi, k0, k1 int) {
	if vectorPack(l, dst, width, lo, hi, k0, k1) {
		return
	}
	if l.depthStride == 1 {
		l.packAcross(dst, width, lo, hi, k0, k1)
	} else {
		l.packAlong(dst, width, lo, hi, k0, k1)
	}
}

// packAlong packs lines whose elements of equal depth are contiguous. It takes some depths of all panels at a time, to read
// the matrix in the order of memory.
func (l *lines[T]) packAlong(dst []T, width, lo, hi, k0, k1 int) {
	const together = 256
	depth := k1 - k0
	if width == genericTileCols {
		packFours(dst, l.data[lo+k0*l.depthStride:], l.depthStride, hi-lo, depth)
		return
	}
	for k := k0; k < k1; k += together {
		n := min(together, k1-k)
		for i := lo; i < hi; i += width {
			copyRows(dst[(i-lo)*depth+(k-k0)*width:], l.data[i+k*l.depthStride:], l.depthStride, width, min(width, hi-i), n)
		}
	}
}

// packFours packs n lines in panels of four, at each depth all panels.
func packFours[T Float](dst, src []T, stride, n, depth int) {
	for k := range depth {
		row, at := src[k*stride:][:n], 4*k
		for ; len(row) >= 4; row = row[4:] {
			*(*[4]T)(dst[at:]) = [4]T(row)
			at += 4 * depth
		}
		if len(row) > 0 {
			copy(dst[at:][:4], row)
		}
	}
}

// packAcross packs lines that are contiguous.
func (l *lines[T]) packAcross(dst []T, width, lo, hi, k0, k1 int) {
	depth := k1 - k0
	for i := lo; i < hi; i += width {
		transpose(dst[(i-lo)*depth:], l.data[i*l.lineStride+k0:], l.lineStride, width, min(width, hi-i), depth)
	}
}

// copyRowsGeneric is copyRows in portable Go.
func copyRowsGeneric[T Float](dst, src []T, srcRow, dstRow, n, rows int) {
	switch n { // the widths of panels, without the call that copy makes
	case genericTileRows:
		for r := range rows {
			*(*[genericTileRows]T)(dst[r*dstRow:]) = [genericTileRows]T(src[r*srcRow:])
		}
		return
	case genericTileCols:
		for r := range rows {
			*(*[genericTileCols]T)(dst[r*dstRow:]) = [genericTileCols]T(src[r*srcRow:])
		}
		return
	}
	for r := range rows {
		copy(dst[r*dstRow:][:n], src[r*srcRow:])
	}
}

// transposeGeneric is transpose in portable Go.
func transposeGeneric[T Float](dst, src []T, srcRow, dstRow, rows, cols int) {
	i := 0
	for ; i+2 <= rows; i += 2 {
		a, b := src[i*srcRow:][:cols], src[(i+1)*srcRow:][:cols]
		for k, x := range a {
			out := dst[k*dstRow+i:][:2]
			out[0], out[1] = x, b[k]
		}
	}
	if i < rows {
		for k, x := range src[i*srcRow:][:cols] {
			dst[k*dstRow+i] = x
		}
	}
}
