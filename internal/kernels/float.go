package kernels

import (
	"fmt"
	"math"
)

// Float is the set of element types. The float32 kernels are the fast ones; float64 is there for checking gradients.
type Float interface{ float32 | float64 }

// nan returns a quiet NaN of either type.
func nan[T Float]() T { return T(math.NaN()) }

// smallestNormal returns the smallest number of the type that is not a denormal.
func smallestNormal[T Float]() T {
	if single[T]() {
		return 0x1p-126
	}
	var tiny float64 = 0x1p-1022
	return T(tiny)
}

// single tells whether T is float32; the compiler resolves it in each instantiation.
func single[T Float]() bool {
	const third = 1.0 / 3
	var x T = third
	return float64(x) != third
}

// sameLength panics unless b has n elements. Lengths that differ are a mistake of the caller, and no kernel reads past an end.
func sameLength(kernel string, n, b int) {
	if n != b {
		panic(fmt.Sprintf("kernels: %s: slices of %d and %d elements", kernel, n, b))
	}
}

// sameLengths panics unless all slices have n elements.
func sameLengths(kernel string, n int, lengths ...int) {
	for _, m := range lengths {
		sameLength(kernel, n, m)
	}
}
