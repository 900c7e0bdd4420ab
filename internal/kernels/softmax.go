package kernels

// checkRows panics unless each length is that of a dense rows × cols matrix.
func checkRows(kernel string, rows, cols int, lengths ...int) {
	for _, n := range lengths {
		sameLength(kernel, rows*cols, n)
	}
}

// narrow reports whether there is a vector form for a whole matrix of this size: of rows of at most narrowCols elements.
func narrow[T Float](rows, cols int) bool {
	return vectorised[T](rows*cols) && rows > 0 && cols > 0 && cols <= narrowCols
}

// Softmax sets each row of dst to e^(x-m)/Σe^(x-m), where m is the largest element of the row. An element of -Inf gives 0.
// A row that contains NaN or +Inf, or only -Inf, gives NaN.
func Softmax[T Float](dst, x []T, rows, cols int) {
	checkRows("Softmax", rows, cols, len(dst), len(x))
	if narrow[T](rows, cols) {
		vectorSoftmax(pointer(dst), pointer(x), rows, cols)
		return
	}
	for i := range rows {
		d, row := dst[i*cols:][:cols], x[i*cols:][:cols]
		s := expSum(d, row, MaxOf(row))
		Scale(d, d, T(1/s))
	}
}

// LogSoftmax sets each row of dst to x - m - ln Σe^(x-m), where m is the largest element of the row.
func LogSoftmax[T Float](dst, x []T, rows, cols int) {
	checkRows("LogSoftmax", rows, cols, len(dst), len(x))
	for i := range rows {
		row := x[i*cols:][:cols]
		m := MaxOf(row)
		subTwice(dst[i*cols:][:cols], row, m, T(steadyLog(sumExp(row, m))))
	}
}

// SoftmaxGrad sets each row of dst to y·(g - Σgy), where y is the output of Softmax and g its gradient.
func SoftmaxGrad[T Float](dst, g, y []T, rows, cols int) {
	checkRows("SoftmaxGrad", rows, cols, len(dst), len(g), len(y))
	if vectorSoftmaxGrad(dst, g, y, rows, cols, false) {
		return
	}
	for i := range rows {
		gi, yi := g[i*cols:][:cols], y[i*cols:][:cols]
		softmaxGradRow(dst[i*cols:][:cols], gi, yi, Dot(gi, yi))
	}
}

// LogSoftmaxGrad sets each row of dst to g - eʸ·Σg, where y is the output of LogSoftmax and g its gradient.
func LogSoftmaxGrad[T Float](dst, g, y []T, rows, cols int) {
	checkRows("LogSoftmaxGrad", rows, cols, len(dst), len(g), len(y))
	if vectorSoftmaxGrad(dst, g, y, rows, cols, true) {
		return
	}
	for i := range rows {
		gi, yi := g[i*cols:][:cols], y[i*cols:][:cols]
		logSoftmaxGradRow(dst[i*cols:][:cols], gi, yi, Sum(gi))
	}
}

// softmaxGradRow sets dst = y·(g - s).
func softmaxGradRow[T Float](dst, g, y []T, s T) {
	if fast2(opSoftmaxGrad, dst, g, y, s, 0) {
		return
	}
	for i, v := range y {
		dst[i] = v * (g[i] - s)
	}
}

// logSoftmaxGradRow sets dst = g - s·eʸ.
func logSoftmaxGradRow[T Float](dst, g, y []T, s T) {
	if fast2(opLogSoftmaxGrad, dst, g, y, s, 0) {
		return
	}
	for i, v := range y {
		dst[i] = g[i] - T(s*expOf(v))
	}
}

// expSum sets dst = e^(x-c) and returns the sum of dst.
func expSum[T Float](dst, x []T, c T) float64 {
	if vectorised[T](len(x)) {
		return vectorSum2(opExpSum, pointer(dst), pointer(x), len(x), float32(c))
	}
	for i, v := range x {
		dst[i] = expOf(v - c)
	}
	return sum64(dst)
}

// sumExp returns Σ e^(x-c).
func sumExp[T Float](x []T, c T) float64 {
	if vectorised[T](len(x)) {
		return vectorSum1(opSumExp, pointer(x), len(x), float32(c))
	}
	var lane [sumLanes]float64
	for i, v := range x {
		lane[i%sumLanes] += float64(expOf(v - c))
	}
	return fold(&lane)
}
