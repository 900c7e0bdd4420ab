package kernels

import "math"

// InRange sets dst to 1 where lo ≤ x ≤ hi, NaN where x is NaN, and 0 elsewhere.
func InRange[T Float](dst, x []T, lo, hi T) {
	if fast1(opInRange, dst, x, lo, hi) {
		return
	}
	for i, v := range x {
		switch {
		case v != v:
			dst[i] = v
		case lo <= v && v <= hi:
			dst[i] = 1
		default:
			dst[i] = 0
		}
	}
}

// Xmul sets dst = a·b; where a is 0 and b is not NaN, it gives 0.
func Xmul[T Float](dst, a, b []T) {
	if fast2(opXmul, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		if v == 0 && b[i] == b[i] {
			dst[i] = 0
		} else {
			dst[i] = v * b[i]
		}
	}
}

// Xlogy sets dst = a·ln b; where a is 0 and b is not NaN, it gives 0.
func Xlogy[T Float](dst, a, b []T) {
	sameLengths("Xlogy", len(dst), len(a), len(b))
	if !single[T]() {
		for i, v := range a {
			if v == 0 && b[i] == b[i] {
				dst[i] = 0
			} else {
				dst[i] = v * T(xlog(float64(b[i])))
			}
		}
		return
	}
	const piece = 1024
	log := borrow[T](min(len(a), piece))
	defer giveBack(log)
	for n := 0; len(a) > 0; dst, a, b = dst[n:], a[n:], b[n:] {
		n = min(len(a), piece)
		Log(log[:n], b[:n])
		if MinOf(b[:n]) >= 0 { // neither negative nor NaN
			Xmul(dst[:n], a[:n], log[:n])
			continue
		}
		for i, v := range a[:n] {
			if v == 0 && b[i] == b[i] {
				dst[i] = 0
			} else {
				dst[i] = v * log[i]
			}
		}
	}
}

// xlog returns ln x, with the same bits on every machine if x is positive and finite.
func xlog(x float64) float64 {
	if x > 0 && x <= math.MaxFloat64 {
		return steadyLog(x)
	}
	return math.Log(x)
}
