package kernels

// Axpy sets dst += a·x. It rounds twice on every machine: product and sum are not fused.
func Axpy[T Float](dst []T, a T, x []T) { AddScaled(dst, dst, a, x) }

// AddScaled sets dst = x + a·y, rounding twice as Axpy does; dst may be x or y.
func AddScaled[T Float](dst, x []T, a T, y []T) {
	if fast2(opAddScaled, dst, x, y, a, 0) {
		return
	}
	for i, v := range x {
		dst[i] = v + T(a*y[i])
	}
}

// Logistic sets dst = softplus(z) - z·t, the binary cross-entropy of the target t and the probability sigmoid(z), computed as
// max(z, 0) - z·t + ln(1+e^-|z|), which neither overflows nor cancels. z·t is 0 where t is 0, even if z is infinite.
func Logistic[T Float](dst, z, t []T) {
	if fast2(opLogistic, dst, z, t, 0, 0) {
		return
	}
	for i, v := range z {
		y := relu(v)
		if t[i] != 0 {
			y -= T(v * t[i])
		}
		dst[i] = y + log1pExpOf(v)
	}
}

// The functions below multiply the gradient g by the derivative of an activation at its output y; dst may be g or y.

// TanhGrad sets dst = g·(1-y²).
func TanhGrad[T Float](dst, g, y []T) {
	if fast2(opTanhGrad, dst, g, y, 0, 0) {
		return
	}
	for i, v := range y {
		dst[i] = g[i] * (1 - T(v*v))
	}
}

// SigmoidGrad sets dst = g·y·(1-y).
func SigmoidGrad[T Float](dst, g, y []T) {
	if fast2(opSigmoidGrad, dst, g, y, 0, 0) {
		return
	}
	for i, v := range y {
		dst[i] = g[i] * (v * (1 - v))
	}
}

// ReLUGrad sets dst = g where y > 0, 0 where y ≤ 0, and NaN where y is NaN.
func ReLUGrad[T Float](dst, g, y []T) {
	if fast2(opReLUGrad, dst, g, y, 0, 0) {
		return
	}
	for i, v := range y {
		switch {
		case v > 0:
			dst[i] = g[i]
		case v <= 0:
			dst[i] = 0
		default:
			dst[i] = v
		}
	}
}

// LeakyReLUGrad sets dst = g where y > 0, slope·g where y ≤ 0, and NaN where y is NaN.
func LeakyReLUGrad[T Float](dst, g, y []T, slope T) {
	if fast2(opLeakyReLUGrad, dst, g, y, slope, 0) {
		return
	}
	for i, v := range y {
		switch {
		case v > 0:
			dst[i] = g[i]
		case v <= 0:
			dst[i] = slope * g[i]
		default:
			dst[i] = v
		}
	}
}
