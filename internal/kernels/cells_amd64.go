//go:build !noasm

package kernels

// vectorCells reports whether vectorCell supports n elements of type T.
func vectorCells[T Float](n int) bool { return vectorised[T](n) }

// vectorCell runs the form in use, which must not be Generic. The functions are called by name: a call through a table would
// move the addresses to the heap.
func vectorCell(op cellOp, v **float32, n int) {
	switch wide := isa == AVX512; {
	case op == lstmCell && wide:
		lstmCellAVX512(v, n)
	case op == lstmCell:
		lstmCellAVX2(v, n)
	case op == lstmCellGrad && wide:
		lstmCellGradAVX512(v, n)
	case op == lstmCellGrad:
		lstmCellGradAVX2(v, n)
	case op == lstmCellTanhGrad && wide:
		lstmCellTanhGradAVX512(v, n)
	case op == lstmCellTanhGrad:
		lstmCellTanhGradAVX2(v, n)
	case op == gruCell && wide:
		gruCellAVX512(v, n)
	case op == gruCell:
		gruCellAVX2(v, n)
	case op == gruCellGrad && wide:
		gruCellGradAVX512(v, n)
	case op == gruCellGrad:
		gruCellGradAVX2(v, n)
	case wide:
		geluWithSlopeAVX512(v, n)
	default:
		geluWithSlopeAVX2(v, n)
	}
}
