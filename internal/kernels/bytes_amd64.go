//go:build !noasm

package kernels

import "unsafe"

// vectorFromBytes converts all bytes except up to 15 at the end, and returns the number converted.
func vectorFromBytes(dst []float32, src []uint8) int {
	n := len(src) &^ 15
	if n == 0 {
		return 0
	}
	form := fromBytesAVX2
	if isa == AVX512 {
		form = fromBytesAVX512
	}
	form(unsafe.SliceData(dst), unsafe.SliceData(src), n)
	return n
}
