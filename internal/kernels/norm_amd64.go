//go:build !noasm

package kernels

// The functions below run the form in use, which must not be Generic.

func vectorLaneSum(lanes *[2 * sumLanes]float32, x *float32, n int) {
	if isa == AVX512 {
		laneSumAVX512(&lanes[0], x, n)
	} else {
		laneSumAVX2(&lanes[0], x, n)
	}
}

func vectorLaneSquares(lanes *[2 * sumLanes]float32, x *float32, n int, mean float32) {
	if isa == AVX512 {
		laneSquaresAVX512(&lanes[0], x, n, mean)
	} else {
		laneSquaresAVX2(&lanes[0], x, n, mean)
	}
}

func vectorLaneDots(lanes *[2 * sumLanes]float32, d, x *float32, n int, mean float32) {
	if isa == AVX512 {
		laneDotsAVX512(&lanes[0], d, x, n, mean)
	} else {
		laneDotsAVX2(&lanes[0], d, x, n, mean)
	}
}

func vectorLaneRowDots(lanes *[2 * sumLanes]float32, d, x, w *float32, n int, mean float32) {
	if isa == AVX512 {
		laneRowDotsAVX512(&lanes[0], d, x, w, n, mean)
	} else {
		laneRowDotsAVX2(&lanes[0], d, x, w, n, mean)
	}
}

func vectorAddSquares(sum, x, mean *float32, n int) {
	if isa == AVX512 {
		addSquaresAVX512(sum, x, mean, n)
	} else {
		addSquaresAVX2(sum, x, mean, n)
	}
}

func vectorAddDots(sum, dot, d, x, mean *float32, n int) {
	if isa == AVX512 {
		addDotsAVX512(sum, dot, d, x, mean, n)
	} else {
		addDotsAVX2(sum, dot, d, x, mean, n)
	}
}

func vectorAddRowDots(sum, dot, d, x *float32, n int, mean, scale float32) {
	if isa == AVX512 {
		addRowDotsAVX512(sum, dot, d, x, n, mean, scale)
	} else {
		addRowDotsAVX2(sum, dot, d, x, n, mean, scale)
	}
}

func vectorNormalize(dst, x *float32, n int, mean, scale, bias float32) {
	if isa == AVX512 {
		normalizeAVX512(dst, x, n, mean, scale, bias)
	} else {
		normalizeAVX2(dst, x, n, mean, scale, bias)
	}
}

func vectorNormalizeRow(dst, x, w, bias *float32, n int, mean, scale float32) {
	if isa == AVX512 {
		normalizeRowAVX512(dst, x, w, bias, n, mean, scale)
	} else {
		normalizeRowAVX2(dst, x, w, bias, n, mean, scale)
	}
}

func vectorNormalizeColumns(dst, x, mean, scale, bias *float32, n int) {
	if isa == AVX512 {
		normalizeColumnsAVX512(dst, x, mean, scale, bias, n)
	} else {
		normalizeColumnsAVX2(dst, x, mean, scale, bias, n)
	}
}

func vectorNormalGrad(dst, d, x *float32, n int, scale, mean, slope, shift float32) {
	if isa == AVX512 {
		normalGradAVX512(dst, d, x, n, scale, mean, slope, shift)
	} else {
		normalGradAVX2(dst, d, x, n, scale, mean, slope, shift)
	}
}

func vectorNormalGradRow(dst, d, x, w *float32, n int, scale, mean, slope, shift float32) {
	if isa == AVX512 {
		normalGradRowAVX512(dst, d, x, w, n, scale, mean, slope, shift)
	} else {
		normalGradRowAVX2(dst, d, x, w, n, scale, mean, slope, shift)
	}
}

func vectorNormalGradColumns(dst, d, x, scale, mean, slope, shift *float32, n int) {
	if isa == AVX512 {
		normalGradColumnsAVX512(dst, d, x, scale, mean, slope, shift, n)
	} else {
		normalGradColumnsAVX2(dst, d, x, scale, mean, slope, shift, n)
	}
}
