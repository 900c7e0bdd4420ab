//go:build !noasm

package kernels

import "unsafe"

// dotLinesAtOnce is the number of lines that dotLines takes at most.
const dotLinesAtOnce = 4

// dotLines computes the inner products of x and up to four lines of w, which are line elements apart.
func dotLines[T Float](i ISA, sums, x, w []T, line int) {
	if i == Generic || len(x) == 0 {
		dotLinesGeneric(sums, x, w, line)
		return
	}
	if _ = w[(len(sums)-1)*line+len(x)-1]; len(sums) == 4 {
		dotFour(i, (*[4]T)(sums), x, w, line)
		return
	}
	for n := range sums {
		var same [4]T
		dotFour(i, &same, x, w[n*line:], 0)
		sums[n] = same[0]
	}
}

// dotFour is dotLines for exactly four lines.
func dotFour[T Float](i ISA, sums *[4]T, x, w []T, line int) {
	out, px, pw, line, n := unsafe.Pointer(sums), unsafe.Pointer(&x[0]), unsafe.Pointer(&w[0]), line*sizeof[T](), len(x)
	switch {
	case i == AVX2 && single[T]():
		f32AVX2Dot(out, px, pw, line, n)
	case i == AVX2:
		f64AVX2Dot(out, px, pw, line, n)
	case single[T]():
		f32AVX512Dot(out, px, pw, line, n)
	default:
		f64AVX512Dot(out, px, pw, line, n)
	}
}

//go:noescape
func f32AVX2Dot(out, x, w unsafe.Pointer, line, n int)

//go:noescape
func f64AVX2Dot(out, x, w unsafe.Pointer, line, n int)

//go:noescape
func f32AVX512Dot(out, x, w unsafe.Pointer, line, n int)

//go:noescape
func f64AVX512Dot(out, x, w unsafe.Pointer, line, n int)
