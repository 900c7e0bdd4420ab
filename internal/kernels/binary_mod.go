package kernels

import "math"

// Mod sets dst = a - ⌊a/b⌋·b, which has the sign of b: the remainder of Python. It is exact, except where a and b have
// different signs and the sum of C's remainder and b is rounded. b = 0 and an infinite a give NaN.
func Mod[T Float](dst, a, b []T) {
	sameLengths("Mod", len(dst), len(a), len(b))
	for i, v := range a {
		dst[i] = T(mod(float64(v), float64(b[i]), single[T]()))
	}
}

// mod is Mod for one element; short says that a and b are float32, whose product with a quotient below 2²⁹ is exact.
func mod(a, b float64, short bool) float64 {
	var r float64
	if q := a / b; short && math.Abs(q) < 1<<29 && math.Abs(b) <= math.MaxFloat32 {
		r = a - math.Floor(q)*b
	} else {
		r = math.Mod(a, b)
	}
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}
