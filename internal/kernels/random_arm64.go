//go:build !noasm

package kernels

import "unsafe"

// vectorUniform draws 32·groups numbers of the stream, starting at block first.
func vectorUniform(dst *float32, groups int, first uint64, s Stream) {
	uniformNEON(dst, groups, first, s.Key, s.Counter)
}

// vectorBernoulli is vectorUniform for BernoulliMask.
func vectorBernoulli(dst *float32, groups int, first uint64, s Stream, below uint32, scale float32) {
	bernoulliNEON(dst, groups, first, s.Key, s.Counter, below, scale)
}

// vectorNormal is vectorUniform for the normal distribution.
func vectorNormal(dst *float32, groups int, first uint64, s Stream) {
	normalNEON(dst, groups, first, s.Key, s.Counter)
}

// vectorFromBytes converts all bytes except up to 15 at the end, and returns the number converted.
func vectorFromBytes(dst []float32, src []uint8) int {
	n := len(src) &^ 15
	if n > 0 {
		fromBytesNEON(unsafe.SliceData(dst), unsafe.SliceData(src), n)
	}
	return n
}
