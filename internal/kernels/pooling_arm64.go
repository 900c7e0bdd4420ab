//go:build !noasm

package kernels

import "unsafe"

// vectorPairs reports whether the functions below support rows of n windows.
func vectorPairs[T Float](n int) bool { return n >= 4 && isa != Generic && single[T]() }

// checkedPointer returns a pointer to the first element of x, after checking that x has at least n. x must be of float32.
func checkedPointer[T Float](x []T, n int) *float32 {
	_ = x[n-1]
	return (*float32)(unsafe.Pointer(&x[0]))
}

// vectorMaxPair is maxPair.
func vectorMaxPair[T Float](r pairRows, dst, x []T) {
	n, to, from := r.span(), checkedPointer(dst, r.n*r.rows), checkedPointer(x, r.span())
	if r.below == 0 {
		pairMaxNEON(to, from, r.n, r.rows, 4*r.skip())
	} else {
		squareMaxNEON(to, from, checkedPointer(x[r.below:], n-r.below), r.n, r.rows, 4*r.skip())
	}
}

// vectorGradPair is gradPair.
func vectorGradPair[T Float](r pairRows, dx, x, d []T, relu bool) {
	n, to, from, g := r.span(), checkedPointer(dx, r.span()), checkedPointer(x, r.span()), checkedPointer(d, r.n*r.rows)
	switch {
	case r.below == 0 && relu:
		pairGiveReLUNEON(to, from, g, r.n, r.rows, 4*r.skip())
	case r.below == 0:
		pairGiveNEON(to, from, g, r.n, r.rows, 4*r.skip())
	case relu:
		squareGiveReLUNEON(to, checkedPointer(dx[r.below:], n-r.below), from, checkedPointer(x[r.below:], n-r.below), g, r.n, r.rows, 4*r.skip())
	default:
		squareGiveNEON(to, checkedPointer(dx[r.below:], n-r.below), from, checkedPointer(x[r.below:], n-r.below), g, r.n, r.rows, 4*r.skip())
	}
}
