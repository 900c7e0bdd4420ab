//go:build !noasm

package kernels

import "unsafe"

var sumTable1 = [...][2]func(a *float32, n int, c float32) float64{
	opSum:    {sumAVX2, sumAVX512},
	opSumExp: {sumExpAVX2, sumExpAVX512},
}

var sumTable2 = [...][2]func(a, b *float32, n int, c float32) float64{
	opDot:      {dotAVX2, dotAVX512},
	opDotShift: {dotShiftAVX2, dotShiftAVX512},
	opExpSum:   {expSumAVX2, expSumAVX512},
	opBCESum:   {bceSumAVX2, bceSumAVX512},
	opDistance: {distanceAVX2, distanceAVX512},
}

// The functions below run the form in use, which must not be Generic.

func vectorSum1(op sumOp1, a *float32, n int, c float32) float64 {
	return sumTable1[op][isa-AVX2](a, n, c)
}

func vectorSum2(op sumOp2, a, b *float32, n int, c float32) float64 {
	return sumTable2[op][isa-AVX2](a, b, n, c)
}

func vectorMax(x *float32, n int) float32 {
	if isa == AVX512 {
		return maxOfAVX512(x, n)
	}
	return maxOfAVX2(x, n)
}

func vectorMin(x *float32, n int) float32 {
	if isa == AVX512 {
		return minOfAVX512(x, n)
	}
	return minOfAVX2(x, n)
}

// vectorNonFinite reports whether an element is NaN or infinite.
func vectorNonFinite(x *float32, n int) bool {
	if isa == AVX512 {
		return zeroTimesAVX512(x, n) != 0
	}
	return zeroTimesAVX2(x, n) != 0
}

// vectorColSum adds the first width columns, at most sumCols, to the lanes. Others than the first width may change.
func vectorColSum(lane *[sumCols]float64, x *float32, rows, width, stride int) {
	if width == sumCols {
		if isa == AVX512 {
			colSumStripAVX512(&lane[0], x, rows, stride)
		} else {
			colSumStripAVX2(&lane[0], x, rows, stride)
		}
		return
	}
	for j := 0; j < width; {
		at := (*float32)(unsafe.Add(unsafe.Pointer(x), 4*j))
		if isa == AVX512 {
			colSumPartAVX512(&lane[j], at, rows, stride, min(width-j, 16))
			j += 16
		} else {
			colSumPartAVX2(&lane[j], at, rows, stride, min(width-j, 8))
			j += 8
		}
	}
}
