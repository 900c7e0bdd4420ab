package kernels

// The transformed weights of a tiling are stored in panels of outputs, as many as a tile of the micro-kernel is wide. A panel
// is 16 matrices, channels × outputs, one for each element of a tile.

// transformWeights sets dst to G·g·Gᵀ for all kernels g of w.
func transformWeights[T Float](p *Pool, t *tiling, dst, w []T) {
	length := 9 * t.channels
	eachPanel(p, t, func(buf []T, j, width int) {
		for o := 0; o < width; o += 8 {
			transposeLines(transposition{n: length, lines: 1, srcRow: length, srcStride: 1, dstRow: 1, dstStride: width}, buf[o:], w[(j+o)*length:])
		}
		transformKernels(dst[16*j*t.channels:], buf, t.channels*width, width, t.channels)
	})
}

// restoreWeights sets w to Gᵀ·u·G for all transformed elements u of src.
func restoreWeights[T Float](p *Pool, t *tiling, w, src []T) {
	length := 9 * t.channels
	eachPanel(p, t, func(buf []T, j, width int) {
		restoreKernels(buf, src[16*j*t.channels:], t.channels*width, width, t.channels)
		for o := 0; o < width; o += 8 {
			transposeLines(transposition{n: length, lines: 1, srcRow: 1, srcStride: width, dstRow: length, dstStride: 1}, w[(j+o)*length:], buf[o:])
		}
	})
}

// eachPanel calls f for each panel with its first output j, its number of outputs and a buffer for its kernels: nine
// elements for each channel, outputs innermost.
func eachPanel[T Float](p *Pool, t *tiling, f func(buf []T, j, width int)) {
	const few = 1 << 12 // elements in a piece of work, at least
	_, panel := tileSize[T](isa)
	size := 9 * t.channels * panel
	p.For((t.outs+panel-1)/panel, (few+size-1)/size, func(lo, hi int) {
		buf := borrow[T](size)
		defer giveBack(buf)
		for j := lo * panel; j < min(hi*panel, t.outs); j += panel {
			f(buf, j, min(panel, t.outs-j))
		}
	})
}

// reversedElements are the positions of a tile's elements if the kernel is reversed: the first and the last row and column
// change places, and the two in the middle, which are symmetric in g's outer elements, stay.
var reversedElements = [16]int{15, 13, 14, 12, 7, 5, 6, 4, 11, 9, 10, 8, 3, 1, 2, 0}
