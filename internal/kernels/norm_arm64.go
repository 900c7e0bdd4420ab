//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic.

func vectorLaneSum(lanes *[2 * sumLanes]float32, x *float32, n int) {
	laneSumNEON(&lanes[0], x, n)
}
func vectorLaneSquares(lanes *[2 * sumLanes]float32, x *float32, n int, mean float32) {
	laneSquaresNEON(&lanes[0], x, n, mean)
}
func vectorLaneDots(lanes *[2 * sumLanes]float32, d, x *float32, n int, mean float32) {
	laneDotsNEON(&lanes[0], d, x, n, mean)
}
func vectorLaneRowDots(lanes *[2 * sumLanes]float32, d, x, w *float32, n int, mean float32) {
	laneRowDotsNEON(&lanes[0], d, x, w, n, mean)
}
func vectorAddSquares(sum, x, mean *float32, n int)      { addSquaresNEON(sum, x, mean, n) }
func vectorAddDots(sum, dot, d, x, mean *float32, n int) { addDotsNEON(sum, dot, d, x, mean, n) }
func vectorAddRowDots(sum, dot, d, x *float32, n int, mean, scale float32) {
	addRowDotsNEON(sum, dot, d, x, n, mean, scale)
}
func vectorNormalize(dst, x *float32, n int, mean, scale, bias float32) {
	normalizeNEON(dst, x, n, mean, scale, bias)
}
func vectorNormalizeRow(dst, x, w, bias *float32, n int, mean, scale float32) {
	normalizeRowNEON(dst, x, w, bias, n, mean, scale)
}
func vectorNormalizeColumns(dst, x, mean, scale, bias *float32, n int) {
	normalizeColumnsNEON(dst, x, mean, scale, bias, n)
}
func vectorNormalGrad(dst, d, x *float32, n int, scale, mean, slope, shift float32) {
	normalGradNEON(dst, d, x, n, scale, mean, slope, shift)
}
func vectorNormalGradRow(dst, d, x, w *float32, n int, scale, mean, slope, shift float32) {
	normalGradRowNEON(dst, d, x, w, n, scale, mean, slope, shift)
}
func vectorNormalGradColumns(dst, d, x, scale, mean, slope, shift *float32, n int) {
	normalGradColumnsNEON(dst, d, x, scale, mean, slope, shift, n)
}
