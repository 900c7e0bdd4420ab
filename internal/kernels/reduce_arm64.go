//go:build !noasm

package kernels

var sumTable1 = [...]func(a *float32, n int, c float32) float64{opSum: sumNEON, opSumExp: sumExpNEON}

var sumTable2 = [...]func(a, b *float32, n int, c float32) float64{
	opDot: dotNEON, opDotShift: dotShiftNEON, opExpSum: expSumNEON, opBCESum: bceSumNEON, opDistance: distanceNEON,
}

// The functions below run the form in use, which must not be Generic.

func vectorSum1(op sumOp1, a *float32, n int, c float32) float64 { return sumTable1[op](a, n, c) }

func vectorSum2(op sumOp2, a, b *float32, n int, c float32) float64 { return sumTable2[op](a, b, n, c) }

func vectorMax(x *float32, n int) float32 { return maxOfNEON(x, n) }
func vectorMin(x *float32, n int) float32 { return minOfNEON(x, n) }

// vectorNonFinite reports whether an element is NaN or infinite: a sum of float32 cannot overflow in double precision.
func vectorNonFinite(x *float32, n int) bool {
	s := vectorSum1(opSum, x, n, 0)
	return s-s != 0
}

// vectorColSum sets lane to the sums of the first width columns, at most sumCols.
func vectorColSum(lane *[sumCols]float64, x *float32, rows, width, stride int) {
	colSumNEON(&lane[0], x, rows, width, 4*stride)
}
