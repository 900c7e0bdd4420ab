package kernels

import (
	"fmt"
	"math"
	"unsafe"
)

// Float is the set of element types. float32 is the fast one; float64 serves gradient checks.
type Float interface{ float32 | float64 }

// nan returns a quiet NaN.
func nan[T Float]() T { return T(math.NaN()) }

// smallestNormal returns the smallest positive number of the type that is not denormal.
func smallestNormal[T Float]() T {
	if single[T]() {
		return 0x1p-126
	}
	var tiny float64 = 0x1p-1022
	return T(tiny)
}

// single reports whether T is float32. The compiler evaluates it in each instantiation.
func single[T Float]() bool {
	const third = 1.0 / 3
	var x T = third
	return float64(x) != third
}

// sameLength panics unless n and b, the lengths of two slices, are equal, so that no kernel reads past an end.
func sameLength(kernel string, n, b int) {
	if n != b {
		panic(fmt.Sprintf("kernels: %s: got slices of %d and %d elements, want equal lengths", kernel, n, b))
	}
}

// sameLengths panics unless all lengths are n.
func sameLengths(kernel string, n int, lengths ...int) {
	for _, m := range lengths {
		sameLength(kernel, n, m)
	}
}

// singles returns x, which must be of float32.
func singles[T Float](x []T) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}
