package kernels

// BCELogits returns Σ softplus(z) - z·t, the binary cross-entropy of the targets t and the probabilities sigmoid(z). It is
// computed as max(z, 0) - z·t + ln(1+e^-|z|), which neither overflows nor cancels. z·t is 0 where t is 0, even if z is infinite.
func BCELogits[T Float](z, t []T) T {
	sameLength("BCELogits", len(z), len(t))
	if vectorised[T](len(z)) {
		return T(vectorSum2(opBCESum, pointer(z), pointer(t), len(z), 0))
	}
	var lane [sumLanes]float64
	for i, v := range z {
		y := relu(v)
		if t[i] != 0 {
			y -= T(v * t[i])
		}
		lane[i%sumLanes] += float64(y + log1pExpOf(v))
	}
	return T(fold(&lane))
}

// BCELogitsGrad sets dst = scale·(sigmoid(z) - t), the derivative of scale·BCELogits with respect to z.
func BCELogitsGrad[T Float](dst, z, t []T, scale T) {
	if fast2(opBCEGrad, dst, z, t, scale, 0) {
		return
	}
	for i, v := range z {
		dst[i] = scale * (sigmoidOf(v) - t[i])
	}
}

// SoftmaxCE returns -Σ t·ln softmax(z), summed over all rows: the cross-entropy of the target probabilities t. An element with
// t = 0 and z = -Inf adds nothing.
func SoftmaxCE[T Float](z, t []T, rows, cols int) T {
	checkRows("SoftmaxCE", rows, cols, len(z), len(t))
	var total float64
	if narrow[T](rows, cols) {
		const piece = 64
		var sums [piece][3]float64
		for i := 0; i < rows; i += piece {
			n := min(piece, rows-i)
			vectorSoftmaxCE(&sums[0], pointer(z[i*cols:]), pointer(t[i*cols:]), n, cols)
			for _, s := range sums[:n] {
				total += float64(steadyLog(s[0])*s[1]) - s[2]
			}
		}
		return T(total)
	}
	for i := range rows {
		zi, ti := z[i*cols:][:cols], t[i*cols:][:cols]
		m := MaxOf(zi)
		total += float64(steadyLog(sumExp(zi, m))*sum64(ti)) - dotShift(ti, zi, m)
	}
	return T(total)
}

// dotShift returns Σ t·(z-m), without the terms where t is 0.
func dotShift[T Float](t, z []T, m T) float64 {
	if vectorised[T](len(t)) {
		return vectorSum2(opDotShift, pointer(t), pointer(z), len(t), float32(m))
	}
	var lane [sumLanes]float64
	for i, p := range t {
		if p != 0 {
			lane[i%sumLanes] += float64(float64(p) * float64(z[i]-m))
		}
	}
	return fold(&lane)
}

// SoftmaxCEGrad sets each row of dst to scale·(softmax(z)·Σt - t), the derivative of scale·SoftmaxCE with respect to z. dst
// may be z, but not t.
func SoftmaxCEGrad[T Float](dst, z, t []T, rows, cols int, scale T) {
	checkRows("SoftmaxCEGrad", rows, cols, len(dst), len(z), len(t))
	if len(dst) > 0 && &dst[0] == &t[0] {
		panic("kernels: SoftmaxCEGrad: dst: got the slice of t, want another")
	}
	if narrow[T](rows, cols) {
		vectorSoftmaxCEGrad(pointer(dst), pointer(z), pointer(t), rows, cols, float32(scale))
		return
	}
	for i := range rows {
		d, zi, ti := dst[i*cols:][:cols], z[i*cols:][:cols], t[i*cols:][:cols]
		s := expSum(d, zi, MaxOf(zi))
		scaleSub(d, d, ti, T(sum64(ti)/s), scale)
	}
}

// scaleSub sets dst = scale·(c·a - b).
func scaleSub[T Float](dst, a, b []T, c, scale T) {
	if fast2(opScaleSub, dst, a, b, c, scale) {
		return
	}
	for i, v := range a {
		dst[i] = scale * (T(c*v) - b[i])
	}
}
