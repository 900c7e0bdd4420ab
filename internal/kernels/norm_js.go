//go:build !noasm

package kernels

import "unsafe"

// The functions below run the form in use, which must not be Generic.

// scaled calls the kernel with scalars.
func (k simdKernel) scaled(n int, scalars []float32, pointers ...*float32) {
	call := simdBegin()
	call.set(n, pointers)
	copy(call.floats[:], scalars)
	k.invoke()
	simd.mu.Unlock()
}

func vectorAddSquares(sum, x, mean *float32, n int)      { simdAddSquares.run(n, sum, x, mean) }
func vectorAddDots(sum, dot, d, x, mean *float32, n int) { simdAddDots.run(n, sum, dot, d, x, mean) }
func vectorAddRowDots(sum, dot, d, x *float32, n int, mean, scale float32) {
	simdAddRowDots.scaled(n, []float32{mean, scale}, sum, dot, d, x)
}
func vectorNormalize(dst, x *float32, n int, mean, scale, bias float32) {
	simdNormalize.scaled(n, []float32{mean, scale, bias}, dst, x)
}
func vectorNormalizeRow(dst, x, w, bias *float32, n int, mean, scale float32) {
	simdNormalizeRow.scaled(n, []float32{mean, scale}, dst, x, w, bias)
}
func vectorNormalizeColumns(dst, x, mean, scale, bias *float32, n int) {
	simdNormalizeColumns.run(n, dst, x, mean, scale, bias)
}
func vectorNormalGrad(dst, d, x *float32, n int, scale, mean, slope, shift float32) {
	simdNormalGrad.scaled(n, []float32{scale, mean, slope, shift}, dst, d, x)
}
func vectorNormalGradRow(dst, d, x, w *float32, n int, scale, mean, slope, shift float32) {
	simdNormalGradRow.scaled(n, []float32{scale, mean, slope, shift}, dst, d, x, w)
}
func vectorNormalGradColumns(dst, d, x, scale, mean, slope, shift *float32, n int) {
	simdNormalGradColumns.run(n, dst, d, x, scale, mean, slope, shift)
}

func vectorSGD(w, g *float32, n int, k *[3]float32) { simdSGD.scaled(n, k[:], w, g) }

func vectorMomentum(w, g, m *float32, n int, k *[5]float32, nesterov bool) {
	kernel := simdMomentum
	if nesterov {
		kernel = simdNesterov
	}
	kernel.scaled(n, k[:], w, g, m)
}

func vectorAdam(w, g, m, v, vmax *float32, n int, k *float32) {
	c := (*[10]float32)(unsafe.Pointer(k))
	if vmax != nil {
		simdAMSGrad.scaled(n, c[:], w, g, m, v, vmax)
	} else {
		simdAdam.scaled(n, c[:], w, g, m, v)
	}
}

func vectorRMSProp(w, g, v, m, avg *float32, n int, k *[7]float32) {
	switch {
	case m != nil && avg != nil:
		simdRMSPropCentredVelocity.scaled(n, k[:], w, g, v, m, avg)
	case m != nil:
		simdRMSPropVelocity.scaled(n, k[:], w, g, v, m)
	case avg != nil:
		simdRMSPropCentred.scaled(n, k[:], w, g, v, avg)
	default:
		simdRMSProp.scaled(n, k[:], w, g, v)
	}
}

func vectorAdagrad(w, g, s *float32, n int, k *[4]float32) { simdAdagrad.scaled(n, k[:], w, g, s) }
