package kernels

// The transformed weights of a tiling are stored in panels of tilePanel outputs. A panel is a matrix, channels × outputs, for
// each element of a tile; they are apart(channels × panel)
// elements apart.

// transformWeights sets dst to G·g·Gᵀ for all kernels g of w.
func transformWeights[T Float](p *Pool, t tiling, dst, w []T) {
	panelsJob[T]{t, dst, w, false}.divide(p)
}

// restoreWeights sets w to Gᵀ·u·G for all transformed elements u of src.
func restoreWeights[T Float](p *Pool, t tiling, w, src []T) {
	panelsJob[T]{t, src, w, true}.divide(p)
}

// A panelsJob is transformWeights, or restoreWeights, of panels.
type panelsJob[T Float] struct {
	tiling
	transformed, w []T
	restore        bool
}

func (j panelsJob[T]) divide(p *Pool) {
	const few = 1 << 12 // elements in a piece of work, at least
	panel := tilePanel[T]()
	size := 9 * j.channels * panel
	divide(p, (j.outs+panel-1)/panel, (few+size-1)/size, j)
}

func (j *panelsJob[T]) piece(lo, hi int) {
	panel := tilePanel[T]()
	matrix, panelSize, _ := j.panels(panel)
	length := 9 * j.channels
	buf := borrow[T](length * panel) // the kernels of a panel, outputs innermost
	defer giveBack(buf)
	for o := lo * panel; o < min(hi*panel, j.outs); o += panel {
		width, u := min(panel, j.outs-o), j.transformed[o/panel*panelSize:]
		if j.restore {
			restoreKernels(j.tile, buf, u, matrix, width, j.channels)
		}
		for i := 0; i < width; i += 8 {
			if w := j.w[(o+i)*length:]; j.restore {
				transposeLines(transposition{n: length, lines: 1, srcRow: 1, srcStride: width, dstRow: length, dstStride: 1}, w, buf[i:])
			} else {
				transposeLines(transposition{n: length, lines: 1, srcRow: length, srcStride: 1, dstRow: 1, dstStride: width}, buf[i:], w)
			}
		}
		if !j.restore {
			transformKernels(j.tile, u, buf, matrix, width, j.channels)
		}
	}
}

// reversedRows are the rows, and the columns, of a tile's elements if the kernel is reversed, for each size. The points p where the
// polynomials are evaluated become 1/p.
var reversedRows = [...][]int{2: {3, 1, 2, 0}, 4: {5, 3, 4, 1, 2, 0}}

// reversedElement returns the position of element e if the kernel is reversed.
func (t *tiling) reversedElement(e int) int {
	r, n := reversedRows[t.tile], t.side()
	return n*r[e/n] + r[e%n]
}
