package kernels

// The functions in this file compute a normalization and its derivative with respect to x. Slices have the length of dst. Each
// operation rounds: none are fused.

// Normalize sets dst = (x-mean)·scale + bias.
func Normalize[T Float](dst, x []T, mean, scale, bias T) {
	sameLength("Normalize", len(dst), len(x))
	if vectorised[T](len(x)) {
		vectorNormalize(pointer(dst), pointer(x), len(x), float32(mean), float32(scale), float32(bias))
		return
	}
	for i, v := range x {
		dst[i] = T((v-mean)*scale) + bias
	}
}

// NormalizeRuns is Normalize for each run of dst and x, of run elements, with numbers of its own. Meanwhile it may prefetch the elements
// that are ahead elements further on, which need not exist.
func NormalizeRuns[T Float](dst, x, mean, scale, bias []T, run, ahead int) {
	sameLengths("NormalizeRuns", len(mean)*run, len(dst), len(x))
	sameLengths("NormalizeRuns", len(mean), len(scale), len(bias))
	if runForms && len(mean) > 0 && vectorised[T](run) {
		vectorNormalizeRuns(pointer(dst), pointer(x), pointer(mean), pointer(scale), pointer(bias), len(mean), run, 4*ahead)
		return
	}
	for i, m := range mean {
		if y, v := dst[i*run:][:run], x[i*run:][:run]; vectorised[T](run) {
			vectorNormalize(pointer(y), pointer(v), run, float32(m), float32(scale[i]), float32(bias[i]))
		} else {
			Normalize(y, v, m, scale[i], bias[i])
		}
	}
}

// NormalizeRow sets dst = (x-mean)·scale·w + bias.
func NormalizeRow[T Float](dst, x, w, bias []T, mean, scale T) {
	sameLengths("NormalizeRow", len(dst), len(x), len(w), len(bias))
	if vectorised[T](len(x)) {
		vectorNormalizeRow(pointer(dst), pointer(x), pointer(w), pointer(bias), len(x), float32(mean), float32(scale))
		return
	}
	for i, v := range x {
		dst[i] = T(T((v-mean)*scale)*w[i]) + bias[i]
	}
}

// NormalizeRowRuns is NormalizeRow for each run of dst and x, of run elements, with numbers of its own.
func NormalizeRowRuns[T Float](dst, x, w, bias, mean, scale []T, run int) {
	sameLengths("NormalizeRowRuns", len(mean)*run, len(dst), len(x))
	sameLengths("NormalizeRowRuns", len(mean), len(scale))
	sameLengths("NormalizeRowRuns", run, len(w), len(bias))
	for i, m := range mean {
		if y, v := dst[i*run:][:run], x[i*run:][:run]; vectorised[T](run) {
			vectorNormalizeRow(pointer(y), pointer(v), pointer(w), pointer(bias), run, float32(m), float32(scale[i]))
		} else {
			NormalizeRow(y, v, w, bias, m, scale[i])
		}
	}
}

// NormalizeColumns sets dst = (x-mean)·scale + bias.
func NormalizeColumns[T Float](dst, x, mean, scale, bias []T) {
	sameLengths("NormalizeColumns", len(dst), len(x), len(mean), len(scale), len(bias))
	if vectorised[T](len(x)) {
		vectorNormalizeColumns(pointer(dst), pointer(x), pointer(mean), pointer(scale), pointer(bias), len(x))
		return
	}
	for i, v := range x {
		dst[i] = T((v-mean[i])*scale[i]) + bias[i]
	}
}

// NormalGrad sets dst = d·scale + ((x-mean)·slope + shift).
func NormalGrad[T Float](dst, d, x []T, scale, mean, slope, shift T) {
	sameLengths("NormalGrad", len(dst), len(d), len(x))
	if vectorised[T](len(x)) {
		vectorNormalGrad(pointer(dst), pointer(d), pointer(x), len(x), float32(scale), float32(mean), float32(slope), float32(shift))
		return
	}
	for i, v := range x {
		dst[i] = T(d[i]*scale) + (T((v-mean)*slope) + shift)
	}
}

// NormalGradRuns is NormalGrad for each run of dst, d and x, of run elements, with numbers of its own. It prefetches as NormalizeRuns.
func NormalGradRuns[T Float](dst, d, x, scale, mean, slope, shift []T, run, ahead int) {
	sameLengths("NormalGradRuns", len(mean)*run, len(dst), len(d), len(x))
	sameLengths("NormalGradRuns", len(mean), len(scale), len(slope), len(shift))
	if runForms && len(mean) > 0 && vectorised[T](run) {
		vectorNormalGradRuns(pointer(dst), pointer(d), pointer(x), pointer(scale), pointer(mean), pointer(slope), pointer(shift), len(mean), run, 4*ahead)
		return
	}
	for i, m := range mean {
		if y, u, v := dst[i*run:][:run], d[i*run:][:run], x[i*run:][:run]; vectorised[T](run) {
			vectorNormalGrad(pointer(y), pointer(u), pointer(v), run, float32(scale[i]), float32(m), float32(slope[i]), float32(shift[i]))
		} else {
			NormalGrad(y, u, v, scale[i], m, slope[i], shift[i])
		}
	}
}

// NormalGradRow sets dst = d·scale·w + ((x-mean)·slope + shift).
func NormalGradRow[T Float](dst, d, x, w []T, scale, mean, slope, shift T) {
	sameLengths("NormalGradRow", len(dst), len(d), len(x), len(w))
	if vectorised[T](len(x)) {
		vectorNormalGradRow(pointer(dst), pointer(d), pointer(x), pointer(w), len(x), float32(scale), float32(mean), float32(slope), float32(shift))
		return
	}
	for i, v := range x {
		dst[i] = T(T(d[i]*scale)*w[i]) + (T((v-mean)*slope) + shift)
	}
}

// NormalGradRowRuns is NormalGradRow for each run of dst, d and x, of run elements, with numbers of its own.
func NormalGradRowRuns[T Float](dst, d, x, w, scale, mean, slope, shift []T, run int) {
	sameLengths("NormalGradRowRuns", len(mean)*run, len(dst), len(d), len(x))
	sameLengths("NormalGradRowRuns", len(mean), len(scale), len(slope), len(shift))
	sameLength("NormalGradRowRuns", run, len(w))
	for i, m := range mean {
		if y, u, v := dst[i*run:][:run], d[i*run:][:run], x[i*run:][:run]; vectorised[T](run) {
			vectorNormalGradRow(pointer(y), pointer(u), pointer(v), pointer(w), run, float32(scale[i]), float32(m), float32(slope[i]), float32(shift[i]))
		} else {
			NormalGradRow(y, u, v, w, scale[i], m, slope[i], shift[i])
		}
	}
}

// NormalGradColumns sets dst = d·scale + ((x-mean)·slope + shift).
func NormalGradColumns[T Float](dst, d, x, scale, mean, slope, shift []T) {
	sameLengths("NormalGradColumns", len(dst), len(d), len(x), len(scale), len(mean), len(slope), len(shift))
	if vectorised[T](len(x)) {
		vectorNormalGradColumns(pointer(dst), pointer(d), pointer(x), pointer(scale), pointer(mean), pointer(slope), pointer(shift), len(x))
		return
	}
	for i, v := range x {
		dst[i] = T(d[i]*scale[i]) + (T((v-mean[i])*slope[i]) + shift[i])
	}
}
