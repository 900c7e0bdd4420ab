//go:build !noasm

package kernels

// vectorPairs reports whether the functions below support rows of n windows.
func vectorPairs[T Float](n int) bool { return n >= 4 && isa != Generic && single[T]() }

// vectorMaxPair is maxPair.
func vectorMaxPair[T Float](r pairRows, dst, x []T) {
	_, _ = dst[r.n*r.rows-1], x[r.span()-1]
	if r.below == 0 {
		simdPairMax.pairs(r, pointer(dst), pointer(x))
	} else {
		simdSquareMax.pairs(r, pointer(dst), pointer(x), pointer(x[r.below:]))
	}
}

// vectorGradPair is gradPair.
func vectorGradPair[T Float](r pairRows, dx, x, d []T, relu bool) {
	_, _, _ = dx[r.span()-1], x[r.span()-1], d[r.n*r.rows-1]
	switch {
	case r.below == 0 && relu:
		simdPairGiveReLU.pairs(r, pointer(dx), pointer(x), pointer(d))
	case r.below == 0:
		simdPairGive.pairs(r, pointer(dx), pointer(x), pointer(d))
	case relu:
		simdSquareGiveReLU.pairs(r, pointer(dx), pointer(dx[r.below:]), pointer(x), pointer(x[r.below:]), pointer(d))
	default:
		simdSquareGive.pairs(r, pointer(dx), pointer(dx[r.below:]), pointer(x), pointer(x[r.below:]), pointer(d))
	}
}

// pairs calls the kernel on paired windows.
func (k simdKernel) pairs(r pairRows, pointers ...*float32) {
	call := simdBegin()
	call.set(r.n, pointers)
	call.ints[1], call.ints[2] = r.rows, 4*r.skip()
	k.invoke()
	simd.mu.Unlock()
}
