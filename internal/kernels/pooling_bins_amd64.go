//go:build !noasm

package kernels

// vectorWindows reports whether the functions below may be called. The AVX2 form also serves AVX-512.
func vectorWindows() bool { return isa != Generic }

// vectorWindowMax sets y to the largest elements of the windows of a plane x.
func vectorWindowMax(w *windows, y, x []float32) {
	windowMax(&y[:len(w.y)/2*(len(w.x)/2)][0], &x[0], &w.y[0], &w.x[0], len(w.y)/2, len(w.x)/2, w.width)
}

// vectorWindowFirst sets first to the indices of the first largest elements of the windows of a plane x, or to -1 where one is NaN.
func vectorWindowFirst(w *windows, first []int32, x []float32) {
	windowFirst(&first[:len(w.y)/2*(len(w.x)/2)][0], &x[0], &w.y[0], &w.x[0], len(w.y)/2, len(w.x)/2, w.width)
}
