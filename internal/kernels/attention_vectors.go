package kernels

// scaleRows multiplies each of the given rows of n elements of x by the second of its two stats.
func scaleRows[T Float](x []T, stride, rows, n int, stats []T) {
	if vectorVectors[T](rows * n) {
		_, _ = x[(rows-1)*stride+n-1], stats[2*rows-1]
		vectorScaleRows(pointer(x), stride, rows, n, pointer(stats))
		return
	}
	for r := range rows {
		row := x[r*stride:][:n]
		Scale(row, row, stats[2*r+1])
	}
}

// scaleDotRows sets each of the given rows of n elements of dst, without gaps, to that of x times the second of its two stats, and dots
// to its product with that of y.
func scaleDotRows[T Float](dst, x, y []T, xStride, yStride, rows, n int, stats, dots []T) {
	if vectorVectors[T](rows * n) {
		_, _, _ = dst[rows*n-1], x[(rows-1)*xStride+n-1], y[(rows-1)*yStride+n-1]
		_, _ = stats[2*rows-1], dots[rows-1]
		vectorScaleDotRows(pointer(dst), pointer(x), pointer(y), xStride, yStride, rows, n, pointer(stats), pointer(dots))
		return
	}
	for r := range rows {
		dots[r] = scaledDot(dst[r*n:][:n], x[r*xStride:][:n], y[r*yStride:][:n], stats[2*r+1])
	}
}

// fewFeatures is the number of elements up to which a loop in Go takes less time than calls of vector functions.
const fewFeatures = 64

// scaledDot sets dst = scale·x and returns the sum of dst·y.
func scaledDot[T Float](dst, x, y []T, scale T) T {
	if len(dst) > fewFeatures {
		Scale(dst, x, scale)
		return Dot(dst, y)
	}
	var a, b, c, d T
	for ; len(dst) >= 4; dst, x, y = dst[4:], x[4:], y[4:] {
		v, w, to := (*[4]T)(x), (*[4]T)(y), (*[4]T)(dst)
		to[0], to[1], to[2], to[3] = scale*v[0], scale*v[1], scale*v[2], scale*v[3]
		a, b, c, d = a+T(to[0]*w[0]), b+T(to[1]*w[1]), c+T(to[2]*w[2]), d+T(to[3]*w[3])
	}
	for i, v := range x[:len(dst)] {
		dst[i] = scale * v
		a += T(dst[i] * y[i])
	}
	return (a + c) + (b + d)
}
