//go:build !noasm

package kernels

import "unsafe"

//go:generate go run -C gen ./gemm -out ../gemm_amd64.s

// runStrip runs the micro-kernel of the form i.
func runStrip[T Float](i ISA, s *strip[T]) {
	switch {
	case i == Generic:
		genericStrip(s)
	case i == AVX2 && single[T]():
		f32AVX2Strip(unsafe.Pointer(s))
	case i == AVX2:
		f64AVX2Strip(unsafe.Pointer(s))
	case single[T]():
		f32AVX512Strip(unsafe.Pointer(s))
	default:
		f64AVX512Strip(unsafe.Pointer(s))
	}
}

//go:noescape
func f32AVX2Strip(s unsafe.Pointer)

//go:noescape
func f64AVX2Strip(s unsafe.Pointer)

//go:noescape
func f32AVX512Strip(s unsafe.Pointer)

//go:noescape
func f64AVX512Strip(s unsafe.Pointer)
