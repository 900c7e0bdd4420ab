package kernels

import "math"

// The float32 forms are approximations: for each function one formula, whose products AVX2 and AVX-512 fuse with the sums. Their
// errors, in units in the last place of the exact result rounded to float32, are at most: Exp, Log, Log1p and Erf 1.5, Expm1 1.7,
// Tanh and Softplus 2, Sigmoid 2.2, ELU 2.5, Sin and Cos 1, Pow and PowScalar 1.5. TestMathAccuracy and TestPowAccuracy check these
// bounds over all magnitudes. The float64 forms use package math, apart from logarithms and powers of subnormal numbers: on amd64
// and s390x, math.Log is wrong for these by up to 36, and math.Pow uses it.

// Exp sets dst = eˣ.
func Exp[T Float](dst, x []T) { mapMath(opExp, dst, x, math.Exp, exp32) }

// Expm1 sets dst = eˣ-1, accurate near 0.
func Expm1[T Float](dst, x []T) { mapMath(opExpm1, dst, x, math.Expm1, expm1of32) }

// Log sets dst = ln x; 0 gives -Inf and a negative x gives NaN.
func Log[T Float](dst, x []T) { mapMath(opLog, dst, x, logOf64, log32) }

// Log1p sets dst = ln(1+x), accurate near 0.
func Log1p[T Float](dst, x []T) { mapMath(opLog1p, dst, x, math.Log1p, log1p32) }

// Tanh sets dst = tanh x.
func Tanh[T Float](dst, x []T) { mapMath(opTanh, dst, x, math.Tanh, tanh32) }

// Sigmoid sets dst = 1/(1+e⁻ˣ).
func Sigmoid[T Float](dst, x []T) { mapMath(opSigmoid, dst, x, sigmoid, sigmoid32) }

// Softplus sets dst = ln(1+eˣ).
func Softplus[T Float](dst, x []T) { mapMath(opSoftplus, dst, x, softplus, softplus32) }

// Erf sets dst = erf x.
func Erf[T Float](dst, x []T) { mapMath(opErf, dst, x, math.Erf, erf32) }

// GELU sets dst = x·Φ(x), where Φ is the standard normal distribution function. In float32 its relative error is at most
// 5e-7; for x < -5, where the result is below 1e-6, at most 4e-6.
func GELU[T Float](dst, x []T) { mapMath(opGELU, dst, x, gelu, gelu32) }

// GELUSlope sets dst = Φ(x) + x·φ(x), the derivative of GELU, where φ is the standard normal density. In float32 its error
// is at most 3e-7.
func GELUSlope[T Float](dst, x []T) { mapMath(opGELUSlope, dst, x, geluSlope, geluSlope32) }

// GELUWithSlope is GELU and GELUSlope in one pass, with their bits. dst may be x; slope must not overlap it.
func GELUWithSlope[T Float](dst, slope, x []T) {
	if v := [3][]T{x, dst, slope}; !fastCell(geluWithSlope, v[:], 3) {
		GELUSlope(slope, x)
		GELU(dst, x)
	}
}

// mapMath runs the vector form of op. If there is none, it applies single to float32, or double in double precision.
func mapMath[T Float](op op1, dst, x []T, double func(float64) float64, single func(float32) float32) {
	if fast1(op, dst, x, 0, 0) {
		return
	}
	if x, ok := any(x).([]float32); ok {
		dst := any(dst).([]float32)
		for i, v := range x {
			dst[i] = single(v)
		}
		return
	}
	for i, v := range x {
		dst[i] = T(double(float64(v)))
	}
}

// subnormal reports whether x is positive and smaller than all normal numbers.
func subnormal(x float64) bool { return x > 0 && x < smallestNormal[float64]() }

// logOf64 returns ln x.
func logOf64(x float64) float64 {
	if subnormal(x) {
		return steadyLog(x)
	}
	return math.Log(x)
}

// pow64 returns xʸ. For an integer y, math.Pow needs no logarithm.
func pow64(x, y float64) float64 {
	if subnormal(x) && y != math.Trunc(y) {
		return math.Pow(x*0x1p52, y) * math.Pow(0x1p-52, y)
	}
	return math.Pow(x, y)
}

// sigmoid returns 1/(1+e⁻ˣ), without overflow on either side.
func sigmoid(x float64) float64 {
	if x < 0 {
		e := math.Exp(x)
		return e / (1 + e)
	}
	return 1 / (1 + math.Exp(-x))
}

// softplus returns ln(1+eˣ), without overflow.
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// gelu returns x·Φ(x), bounded so that -Inf gives 0 and not NaN.
func gelu(x float64) float64 { return 0.5 * max(x, -100) * math.Erfc(-x/math.Sqrt2) }

// geluSlope returns Φ(x) + x·φ(x), bounded so that ±Inf gives 1 or 0 and not NaN.
func geluSlope(x float64) float64 {
	a := max(-100, min(x, 100))
	return 0.5*math.Erfc(-x/math.Sqrt2) + a*math.Exp(-0.5*a*a)/math.Sqrt(2*math.Pi)
}

// The next functions are those above for one element of either type.

func expOf[T Float](x T) T {
	if single[T]() {
		return T(exp32(float32(x)))
	}
	return T(math.Exp(float64(x)))
}

func expm1Of[T Float](x T) T {
	if single[T]() {
		return T(expm1of32(float32(x)))
	}
	return T(math.Expm1(float64(x)))
}

func sigmoidOf[T Float](x T) T {
	if single[T]() {
		return T(sigmoid32(float32(x)))
	}
	return T(sigmoid(float64(x)))
}

// log1pExpOf returns ln(1+e^-|x|).
func log1pExpOf[T Float](x T) T {
	if single[T]() {
		return T(log1pExp32(float32(x)))
	}
	return T(math.Log1p(math.Exp(-math.Abs(float64(x)))))
}
