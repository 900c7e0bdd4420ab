//go:build !noasm

package kernels

// vectorCells reports whether vectorCell supports n elements of type T.
func vectorCells[T Float](n int) bool { return vectorised[T](n) }

// vectorCell runs the form in use, which must not be Generic. The functions are called by name: a call through a table would
// move the addresses to the heap.
func vectorCell(op cellOp, v **float32, n int) {
	switch op {
	case lstmCell:
		lstmCellNEON(v, n)
	case lstmCellGrad:
		lstmCellGradNEON(v, n)
	case lstmCellTanhGrad:
		lstmCellTanhGradNEON(v, n)
	case gruCell:
		gruCellNEON(v, n)
	case gruCellGrad:
		gruCellGradNEON(v, n)
	default:
		geluWithSlopeNEON(v, n)
	}
}
