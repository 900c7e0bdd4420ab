//go:build !noasm

package kernels

import "unsafe"

//go:generate go run -C gen ./gemm -taps -out ../conv_amd64.s

// runTaps runs the micro-kernel of the form in use, with tapped rows of B.
func runTaps[T Float](s *tapStrip[T]) {
	switch {
	case isa == Generic:
		genericTaps(s)
	case isa == AVX2 && single[T]():
		f32AVX2TapStrip(unsafe.Pointer(s))
	case isa == AVX2:
		f64AVX2TapStrip(unsafe.Pointer(s))
	case single[T]():
		f32AVX512TapStrip(unsafe.Pointer(s))
	default:
		f64AVX512TapStrip(unsafe.Pointer(s))
	}
}

// runTapRows runs the micro-kernel of the form in use, with tapped rows of A.
func runTapRows[T Float](s *tapStrip[T]) {
	switch {
	case isa == Generic:
		genericTapRows(s)
	case isa == AVX2 && single[T]():
		f32AVX2TapRowStrip(unsafe.Pointer(s))
	case isa == AVX2:
		f64AVX2TapRowStrip(unsafe.Pointer(s))
	case single[T]():
		f32AVX512TapRowStrip(unsafe.Pointer(s))
	default:
		f64AVX512TapRowStrip(unsafe.Pointer(s))
	}
}

//go:noescape
func f32AVX2TapStrip(s unsafe.Pointer)

//go:noescape
func f64AVX2TapStrip(s unsafe.Pointer)

//go:noescape
func f32AVX512TapStrip(s unsafe.Pointer)

//go:noescape
func f64AVX512TapStrip(s unsafe.Pointer)

//go:noescape
func f32AVX2TapRowStrip(s unsafe.Pointer)

//go:noescape
func f64AVX2TapRowStrip(s unsafe.Pointer)

//go:noescape
func f32AVX512TapRowStrip(s unsafe.Pointer)

//go:noescape
func f64AVX512TapRowStrip(s unsafe.Pointer)
