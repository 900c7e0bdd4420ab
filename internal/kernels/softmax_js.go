//go:build !noasm

package kernels

import "unsafe"

// The functions below run the form in use, which must not be Generic, on one or more rows.

// rows calls the kernel on matrices.
func (k simdKernel) rows(rows, cols int, scale float32, pointers ...*float32) {
	call := simdBegin()
	call.set(rows, pointers)
	call.ints[1], call.floats[0] = cols, scale
	k.invoke()
	simd.mu.Unlock()
}

func vectorSoftmax(dst, z *float32, rows, cols int) { simdSoftmax.rows(rows, cols, 0, dst, z) }

func vectorSoftmaxCEGrad(dst, z, t *float32, rows, cols int, scale float32) {
	simdSoftmaxCEGrad.rows(rows, cols, scale, dst, z, t)
}

// vectorSoftmaxGrad computes SoftmaxGrad, or LogSoftmaxGrad if log is set, unless the form in use is Generic or the matrix small.
func vectorSoftmaxGrad[T Float](dst, g, y []T, rows, cols int, log bool) bool {
	if !narrow[T](rows, cols) {
		return false
	}
	kernel := simdSoftmaxGrad
	if log {
		kernel = simdLogSoftmaxGrad
	}
	kernel.rows(rows, cols, 0, pointer(dst), pointer(g), pointer(y))
	return true
}

// crossEntropyRows is the number of rows whose sums softmaxCE returns at most.
const crossEntropyRows = 64

// crossEntropySums are the sums of some rows; like the block, they are not on a stack.
var crossEntropySums [crossEntropyRows][3]float64

// vectorSoftmaxCE sets sums to Σ e^(z-m), Σ t and Σ t·(z-m) of each row, of which there are at most crossEntropyRows.
func vectorSoftmaxCE(sums *[3]float64, z, t *float32, rows, cols int) {
	call := simdBegin()
	call.set(rows, []*float32{z, t, (*float32)(unsafe.Pointer(&crossEntropySums))})
	call.ints[1] = cols
	simdSoftmaxCE.invoke()
	copy(unsafe.Slice(sums, rows), crossEntropySums[:])
	simd.mu.Unlock()
}
