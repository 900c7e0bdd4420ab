package kernels

// Scale sets dst = c·x.
func Scale[T Float](dst, x []T, c T) {
	if fast1(opScale, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = c * v
	}
}

// Shift sets dst = x + c.
func Shift[T Float](dst, x []T, c T) {
	if fast1(opShift, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = v + c
	}
}

// SubScalarLeft sets dst = c - x.
func SubScalarLeft[T Float](dst []T, c T, x []T) {
	if fast1(opSubScalarLeft, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = c - v
	}
}

// DivScalarLeft sets dst = c/x.
func DivScalarLeft[T Float](dst []T, c T, x []T) {
	if fast1(opDivScalarLeft, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = c / v
	}
}

// DivScalar sets dst = x/c, each quotient correctly rounded.
func DivScalar[T Float](dst, x []T, c T) {
	if fast1(opDivScalar, dst, x, c, 0) {
		return
	}
	for i, v := range x {
		dst[i] = v / c
	}
}

// LeakyReLU sets dst = x where x > 0 and slope·x elsewhere; NaN stays NaN.
func LeakyReLU[T Float](dst, x []T, slope T) {
	if fast1(opLeakyReLU, dst, x, slope, 0) {
		return
	}
	for i, v := range x {
		if !(v > 0) {
			v *= slope
		}
		dst[i] = v
	}
}

// ELU sets dst = x where x > 0 and alpha·(eˣ-1) elsewhere.
func ELU[T Float](dst, x []T, alpha T) {
	if fast1(opELU, dst, x, alpha, 0) {
		return
	}
	for i, v := range x {
		if !(v > 0) {
			v = alpha * expm1Of(v)
		}
		dst[i] = v
	}
}

// Clip sets dst = min(max(x, lo), hi); NaN stays NaN.
func Clip[T Float](dst, x []T, lo, hi T) {
	if fast1(opClip, dst, x, lo, hi) {
		return
	}
	for i, v := range x {
		if v < lo {
			v = lo
		}
		if v > hi {
			v = hi
		}
		dst[i] = v
	}
}

// PowScalar sets dst = xᵖ as in math.Pow; so x⁰ is 1 even where x is NaN. The powers -1, -½, ½, 1, 2 and 3 are computed
// from products, quotients and roots, the others as those of Pow. p is a float64, since a float32 near 0.3 would be wrong by 1e-8,
// and so xᵖ by up to 1e-6.
func PowScalar[T Float](dst, x []T, p float64) {
	sameLength("PowScalar", len(dst), len(x))
	switch p {
	case -1:
		Reciprocal(dst, x)
	case -0.5:
		Sqrt(dst, x)
		Abs(dst, dst) // the root of -0 is -0
		Reciprocal(dst, dst)
	case 0.5:
		Sqrt(dst, x)
	case 1:
		copy(dst, x)
	case 2:
		Square(dst, x)
	case 3:
		cube(dst, x)
	default:
		if single[T]() {
			powScalar32(singles(dst), singles(x), p)
			return
		}
		for i, v := range x {
			dst[i] = T(pow64(float64(v), p))
		}
	}
}

// cube sets dst = x³.
func cube[T Float](dst, x []T) {
	if fast1(opCube, dst, x, 0, 0) {
		return
	}
	for i, v := range x {
		dst[i] = v * v * v
	}
}

// subTwice sets dst = x - c - d.
func subTwice[T Float](dst, x []T, c, d T) {
	if fast1(opSubTwice, dst, x, c, d) {
		return
	}
	for i, v := range x {
		dst[i] = v - c - d
	}
}
