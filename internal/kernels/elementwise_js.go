//go:build !noasm

package kernels

import (
	"syscall/js"
	"unsafe"
)

// vector1 runs the form in use, which must not be Generic, and reports whether the kernel has one.
func vector1(op op1, dst, a *float32, n int, c, d float32) bool {
	return simdElements(simd.ops1[op], n, c, d, dst, a)
}

// vector2 is vector1 for two inputs.
func vector2(op op2, dst, a, b *float32, n int, c, d float32) bool {
	return simdElements(simd.ops2[op], n, c, d, dst, a, b)
}

// vector3 is vector1 for three inputs.
func vector3(_ op3, dst, a, b, c *float32, n int) bool {
	return simdElements(simd.mulAdd, n, 0, 0, dst, a, b, c)
}

// simdElements calls f, an element-wise kernel, unless undefined.
func simdElements(f js.Value, n int, c, d float32, pointers ...*float32) bool {
	if f.IsUndefined() {
		return false
	}
	call := simdBegin()
	call.set(n, pointers)
	call.floats[0], call.floats[1] = c, d
	f.Invoke()
	simd.mu.Unlock()
	return true
}

// vectorFromBytes converts all bytes except up to 15 at the end, and returns the number converted.
func vectorFromBytes(dst []float32, src []uint8) int {
	n := len(src) &^ 15
	if n < fewElements {
		return 0
	}
	call := simdBegin()
	call.pointers[0], call.pointers[1], call.ints[0] = address(dst), address(src), n
	simdFromBytes.invoke()
	simd.mu.Unlock()
	return n
}

// vectorUniform draws 32·groups numbers of the stream, starting at block first.
func vectorUniform(dst *float32, groups int, first uint64, s Stream) {
	simdBegin().stream(dst, groups, first, s)
	simdUniform.invoke()
	simd.mu.Unlock()
}

// vectorBernoulli is vectorUniform for BernoulliMask.
func vectorBernoulli(dst *float32, groups int, first uint64, s Stream, below uint32, scale float32) {
	call := simdBegin()
	call.stream(dst, groups, first, s)
	call.ints[7], call.floats[0] = int(below), scale
	simdBernoulli.invoke()
	simd.mu.Unlock()
}

// stream sets the arguments of a kernel that draws 16 numbers in a round.
func (c *simdCall) stream(dst *float32, groups int, first uint64, s Stream) {
	c.pointers[0], c.ints[0] = unsafe.Pointer(dst), groups*groupWords/16
	for i, v := range [...]uint64{first, s.Key, s.Counter} {
		c.ints[1+2*i], c.ints[2+2*i] = int(uint32(v)), int(v>>32)
	}
}

// vectorNormal is vectorUniform for the normal distribution.
func vectorNormal(dst *float32, groups int, first uint64, s Stream) {
	simdBegin().stream(dst, groups, first, s)
	simdNormal.invoke()
	simd.mu.Unlock()
}
