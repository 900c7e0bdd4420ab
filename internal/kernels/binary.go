package kernels

// The functions in this file combine slices of one length element by element. dst may be one of the inputs.

// Add sets dst = a + b.
func Add[T Float](dst, a, b []T) {
	if fast2(opAdd, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

// Sub sets dst = a - b.
func Sub[T Float](dst, a, b []T) {
	if fast2(opSub, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = v - b[i]
	}
}

// Mul sets dst = a·b, element by element.
func Mul[T Float](dst, a, b []T) {
	if fast2(opMul, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = v * b[i]
	}
}

// Div sets dst = a/b, element by element.
func Div[T Float](dst, a, b []T) {
	if fast2(opDiv, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = v / b[i]
	}
}

// Max sets dst to the larger of a and b, or to NaN where either is; +0 is larger than -0.
func Max[T Float](dst, a, b []T) {
	if fast2(opMax, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = max(v, b[i])
	}
}

// Min sets dst to the smaller of a and b, or to NaN where either is; -0 is smaller than +0.
func Min[T Float](dst, a, b []T) {
	if fast2(opMin, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = min(v, b[i])
	}
}

// Pow sets dst = aᵇ as in math.Pow. In float32, bases that are not positive, normal and finite take longer (powers.go).
func Pow[T Float](dst, a, b []T) {
	sameLengths("Pow", len(dst), len(a), len(b))
	if single[T]() {
		pow32s(singles(dst), singles(a), singles(b))
		return
	}
	for i, v := range a {
		dst[i] = T(pow64(float64(v), float64(b[i])))
	}
}

// PowSlope sets dst to the n-th derivative of aᵇ with respect to a, b·(b-1)·…·(b-n+1)·aᵇ⁻ⁿ, for n > 0. It is 0 where the
// factor before the power is 0, even where the power is infinite.
func PowSlope[T Float](dst, a, b []T, n int) {
	sameLengths("PowSlope", len(dst), len(a), len(b))
	for i, v := range a {
		exponent, factor := float64(b[i]), 1.0
		for k := range n {
			factor *= exponent - float64(k)
		}
		if factor == 0 {
			dst[i] = 0
			continue
		}
		dst[i] = T(factor * pow64(float64(v), exponent-float64(n)))
	}
}

// MulAdd sets dst = a·b + c. It rounds twice on every machine: product and sum are not fused.
func MulAdd[T Float](dst, a, b, c []T) {
	if fast3(opMulAdd, dst, a, b, c) {
		return
	}
	for i, v := range a {
		dst[i] = T(v*b[i]) + c[i]
	}
}
