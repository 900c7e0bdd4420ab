//go:build !noasm

package kernels

import "unsafe"

//go:generate go run -C gen ./pooling -out ../pooling_amd64.s -stubs ../pooling_stub_amd64.go -pkg kernels

// vectorPairs tells whether the functions below can do n windows; the form for AVX2 serves AVX-512 as well.
func vectorPairs[T Float](n int) bool { return n >= 8 && isa != Generic && single[T]() }

// first returns a pointer to the first element of x, which has n or more and is of float32.
func first[T Float](x []T, n int) *float32 {
	_ = x[n-1]
	return (*float32)(unsafe.Pointer(&x[0]))
}

// vectorMaxPair is maxPair.
func vectorMaxPair[T Float](dst, x0, x1 []T) {
	n := len(dst)
	if x1 == nil {
		pairMax(first(dst, n), first(x0, 2*n), n)
	} else {
		squareMax(first(dst, n), first(x0, 2*n), first(x1, 2*n), n)
	}
}

// vectorGivePair is givePair.
func vectorGivePair[T Float](dx0, dx1, x0, x1, d []T, relu bool) {
	n := len(d)
	to, from, g := first(dx0, 2*n), first(x0, 2*n), first(d, n)
	switch {
	case x1 == nil && relu:
		pairGiveReLU(to, from, g, n)
	case x1 == nil:
		pairGive(to, from, g, n)
	case relu:
		squareGiveReLU(to, first(dx1, 2*n), from, first(x1, 2*n), g, n)
	default:
		squareGive(to, first(dx1, 2*n), from, first(x1, 2*n), g, n)
	}
}
