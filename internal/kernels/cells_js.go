//go:build !noasm

package kernels

import "unsafe"

// vectorCells reports whether vectorCell supports n elements of type T.
func vectorCells[T Float](n int) bool { return vectorised[T](n) }

// vectorCell runs the form in use, which must not be Generic. It copies the addresses, which are on a stack.
func vectorCell(op cellOp, v **float32, n int) {
	c := simdBegin()
	c.ints[0] = n
	for i, p := range unsafe.Slice(v, len(c.pointers)) {
		c.pointers[i] = unsafe.Pointer(p)
	}
	(simdLSTMCell + simdKernel(op)).invoke()
	simd.mu.Unlock()
}
