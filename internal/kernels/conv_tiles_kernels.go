package kernels

// A tiling's transformed weights are in panels of outputs, as many as a tile of the micro-kernel is wide: of each panel 16
// matrices of the channels by its outputs, one for each element of a tile.

// transformWeights sets dst to G·g·Gᵀ of all kernels g of w.
func transformWeights[T Float](p *Pool, t *tiling, dst, w []T) {
	length := 9 * t.channels
	eachPanel(p, t, func(buf []T, j, width int) {
		for o := 0; o < width; o += 8 {
			transposeLines(transposition{n: length, lines: 1, srcRow: length, srcStride: 1, dstRow: 1, dstStride: width}, buf[o:], w[(j+o)*length:])
		}
		transformKernels(dst[16*j*t.channels:], buf, t.channels*width, width, t.channels)
	})
}

// restoreWeights sets w to Gᵀ·u·G of all transformed elements u of src.
func restoreWeights[T Float](p *Pool, t *tiling, w, src []T) {
	length := 9 * t.channels
	eachPanel(p, t, func(buf []T, j, width int) {
		restoreKernels(buf, src[16*j*t.channels:], t.channels*width, width, t.channels)
		for o := 0; o < width; o += 8 {
			transposeLines(transposition{n: length, lines: 1, srcRow: 1, srcStride: width, dstRow: length, dstStride: 1}, w[(j+o)*length:], buf[o:])
		}
	})
}

// eachPanel calls f for each panel with its first output and their number, and with room for its kernels: for each channel nine
// elements of the outputs, which lie side by side.
func eachPanel[T Float](p *Pool, t *tiling, f func(buf []T, j, width int)) {
	const few = 1 << 12 // elements that are worth a piece of work
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

// reversedElements are the numbers of a tile's elements for a kernel that is turned round: G takes the first and the last element
// in the same way, and both in the other two sums.
var reversedElements = [16]int{15, 13, 14, 12, 7, 5, 6, 4, 11, 9, 10, 8, 3, 1, 2, 0}
