package kernels

import "math"

// The functions in this file read x and write dst, which has the same length and may be x.

// Neg sets dst = -x.
func Neg[T Float](dst, x []T) {
	if fast1(opNeg, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = -v
	}
}

// Abs sets dst = |x|.
func Abs[T Float](dst, x []T) {
	if fast1(opAbs, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = T(math.Abs(float64(v)))
	}
}

// Square sets dst = x².
func Square[T Float](dst, x []T) {
	if fast1(opSquare, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = v * v
	}
}

// Sqrt sets dst = √x, correctly rounded; a negative x gives NaN.
func Sqrt[T Float](dst, x []T) {
	if fast1(opSqrt, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = T(math.Sqrt(float64(v)))
	}
}

// Reciprocal sets dst = 1/x.
func Reciprocal[T Float](dst, x []T) {
	if fast1(opReciprocal, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = 1 / v
	}
}

// Floor sets dst = ⌊x⌋.
func Floor[T Float](dst, x []T) {
	if fast1(opFloor, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = T(math.Floor(float64(v)))
	}
}

// Ceil sets dst = ⌈x⌉.
func Ceil[T Float](dst, x []T) {
	sameLength("Ceil", len(dst), len(x))
	for i, v := range x {
		dst[i] = T(math.Ceil(float64(v)))
	}
}

// Round sets dst to the integer nearest to x, the even one of two.
func Round[T Float](dst, x []T) {
	sameLength("Round", len(dst), len(x))
	for i, v := range x {
		dst[i] = T(math.RoundToEven(float64(v)))
	}
}

// Sign sets dst to 1 where x > 0, -1 where x < 0, 0 where x is 0, and NaN where x is NaN.
func Sign[T Float](dst, x []T) {
	if fast1(opSign, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		switch {
		case v > 0:
			dst[i] = 1
		case v < 0:
			dst[i] = -1
		case v == 0:
			dst[i] = 0
		default:
			dst[i] = v
		}
	}
}

// Step sets dst = 1 where x > 0 and 0 where x ≤ 0; NaN stays NaN, so that a mask made from it does not hide one.
func Step[T Float](dst, x []T) {
	if fast1(opStep, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		switch {
		case v > 0:
			dst[i] = 1
		case v <= 0:
			dst[i] = 0
		default:
			dst[i] = v
		}
	}
}

// ReLU sets dst = max(x, 0); NaN stays NaN.
func ReLU[T Float](dst, x []T) {
	if fast1(opReLU, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		if v < 0 {
			v = 0
		}
		dst[i] = v
	}
}

// Fill sets every element of dst to c. It copies what is already filled, up to a piece that stays in the cache.
func Fill[T Float](dst []T, c T) {
	const piece = 2048
	if len(dst) == 0 {
		return
	}
	few := min(len(dst), 16)
	for i := range few {
		dst[i] = c
	}
	for n := few; n < len(dst); {
		n += copy(dst[n:], dst[:min(n, piece)])
	}
}
