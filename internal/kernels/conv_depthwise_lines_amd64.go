//go:build !noasm

package kernels

import "unsafe"

//go:generate go run -C gen ./depthwise_lines -out ../conv_depthwise_lines_amd64.s -stubs ../conv_depthwise_lines_stub_amd64.go -pkg kernels

// vectorLines reports whether vectorLine supports elements of type T. AVX2, whose masks take registers of their own, has conv_depthwise3.go.
func vectorLines[T Float]() bool { return single[T]() && isa == AVX512 }

// vectorLine computes a block of columns of the lines [first, last) of a plane y from x, height lines of a plane from line number top on.
func vectorLine[T Float](j *linesJob[T], b *lineBlock, y, x, w []T, bias T, top, height, first, last int) {
	f := lineFunctions[j.compute]
	y = y[first*j.to.width+b.to:]
	yp, xp, wp := checkedPointer(y, len(y)), (*float32)(unsafe.Pointer(unsafe.SliceData(x[:height*j.from.width]))), checkedPointer(w, j.weights)
	down := first*j.stepY - top
	f(yp, xp, wp, &b.masks[0], 4*(b.at+down*j.from.width), down-j.top, height, last-first, 4*j.from.width, 4*j.to.width,
		float32(bias), float32(j.low), float32(j.high))
}

// lineFunctions are in the order of lineFunction.
var lineFunctions = [...]func(y, x, w *float32, masks *uint16, at, row, height, rows, xLine, yLine int, bias, low, high float32){
	depthwise3x3by11, depthwise3x3by12, depthwise3x3by21, depthwise3x3by22,
	depthwise5x5by11, depthwise5x5by12, depthwise5x5by21, depthwise5x5by22,
}
