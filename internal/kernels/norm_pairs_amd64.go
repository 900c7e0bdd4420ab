//go:build !noasm

package kernels

const pairForms = true

// The functions below run the form in use, which must not be Generic.

func vectorLaneSumPair(lanes, lanes2 *[2 * sumLanes]float32, x *float32, n, apart int) {
	if isa == AVX512 {
		laneSumPairAVX512(&lanes[0], &lanes2[0], x, n, apart)
	} else {
		laneSumPairAVX2(&lanes[0], &lanes2[0], x, n, apart)
	}
}

func vectorLaneSquaresPair(lanes, lanes2 *[2 * sumLanes]float32, x *float32, n, apart int, mean, mean2 float32) {
	if isa == AVX512 {
		laneSquaresPairAVX512(&lanes[0], &lanes2[0], x, n, apart, mean, mean2)
	} else {
		laneSquaresPairAVX2(&lanes[0], &lanes2[0], x, n, apart, mean, mean2)
	}
}

func vectorLaneDotsPair(lanes, lanes2 *[2 * sumLanes]float32, d, x *float32, n, apart int, mean, mean2 float32) {
	if isa == AVX512 {
		laneDotsPairAVX512(&lanes[0], &lanes2[0], d, x, n, apart, mean, mean2)
	} else {
		laneDotsPairAVX2(&lanes[0], &lanes2[0], d, x, n, apart, mean, mean2)
	}
}

func vectorLaneRowDotsPair(lanes, lanes2 *[2 * sumLanes]float32, d, x, w *float32, n, apart int, mean, mean2 float32) {
	if isa == AVX512 {
		laneRowDotsPairAVX512(&lanes[0], &lanes2[0], d, x, w, n, apart, mean, mean2)
	} else {
		laneRowDotsPairAVX2(&lanes[0], &lanes2[0], d, x, w, n, apart, mean, mean2)
	}
}

func vectorRowMoments(mean, variance, x *float32, rows, cols int) {
	if isa == AVX512 {
		rowMomentsAVX512(mean, variance, x, rows, cols)
	} else {
		rowMomentsAVX2(mean, variance, x, rows, cols)
	}
}

func vectorRowDots(sum, dot, d, x, mean, w *float32, rows, cols int) {
	if isa == AVX512 {
		rowDotsAVX512(sum, dot, d, x, mean, w, rows, cols)
	} else {
		rowDotsAVX2(sum, dot, d, x, mean, w, rows, cols)
	}
}

func vectorRowDotsStrip(sum, dot, d, x, mean, scale *float32, rows, stride int) {
	if isa == AVX512 {
		rowDotsStripAVX512(sum, dot, d, x, mean, scale, rows, stride)
	} else {
		rowDotsStripAVX2(sum, dot, d, x, mean, scale, rows, stride)
	}
}
