package kernels

// A transposition describes how lines of elements are transposed, eight rows at a time. In the source, element i of line l
// of row r is at l·srcLine + i·srcStride + r·srcRow; in the destination likewise. In each, either the rows or the elements
// are contiguous: Row or Stride is 1.
type transposition struct {
	n, lines                   int
	srcRow, srcStride, srcLine int
	dstRow, dstStride, dstLine int
}

// reversed returns the transposition back.
func (t transposition) reversed() transposition {
	t.srcRow, t.srcStride, t.srcLine, t.dstRow, t.dstStride, t.dstLine = t.dstRow, t.dstStride, t.dstLine, t.srcRow, t.srcStride, t.srcLine
	return t
}

// plainTranspose is transposeLines in portable Go.
func plainTranspose[T Float](t transposition, dst, src []T) {
	for l := range t.lines {
		for r := range 8 {
			from, to := src[l*t.srcLine+r*t.srcRow:], dst[l*t.dstLine+r*t.dstRow:]
			for i := range t.n {
				to[i*t.dstStride] = from[i*t.srcStride]
			}
		}
	}
}

// layOut copies planes of rows × cols pixels to dst with channels, a multiple of 8, innermost, and with zeros around. Row 0
// of dst is row y of the planes, row 1 is row y+step, and column 0 is column x. dst is dstRows × pixels.
func layOut[T Float](dst, planes []T, channels, rows, cols, y, step, x, dstRows, pixels int) {
	line := pixels * channels
	left, right := min(max(0, -x), pixels), min(max(0, cols-x), pixels)
	above, below := min((max(0, -y)+step-1)/step, dstRows), min((max(0, rows-y)+step-1)/step, dstRows)
	if left >= right || above >= below {
		clear(dst[:dstRows*line])
		return
	}
	clear(dst[:above*line])
	clear(dst[below*line : dstRows*line])
	for i := above; i < below; i++ {
		clear(dst[i*line:][:left*channels])
		clear(dst[i*line+right*channels : (i+1)*line])
	}
	t := transposition{n: right - left, lines: below - above, srcRow: rows * cols, srcStride: 1, srcLine: step * cols,
		dstRow: 1, dstStride: channels, dstLine: line}
	dst, planes = dst[above*line+left*channels:], planes[(y+step*above)*cols+x+left:]
	for c := 0; c < channels; c += 8 {
		transposeLines(t, dst[c:], planes[c*rows*cols:])
	}
}

// tileImage writes the transformed elements of a band of an image: a matrix for each element, tiles of the band × channels. The matrices
// are stride apart.
func tileImage[T Float](t *tiling, dst, image []T, y, rows, stride int) {
	pixels, lines := t.tile*t.across+2, t.tile*rows+2
	line := pixels * t.channels
	buf := borrow[T](lines * line)
	defer giveBack(buf)
	layOut(buf, image, t.channels, t.height, t.width, t.tile*y-t.top, 1, -t.left, lines, pixels)
	for i := range rows {
		tilesIn(t.tile, dst[i*t.across*t.channels:], buf[t.tile*i*line:], stride, line, t.channels, t.across)
	}
}
