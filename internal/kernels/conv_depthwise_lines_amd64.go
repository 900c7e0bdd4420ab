//go:build !noasm

package kernels

//go:generate go run -C gen ./depthwise_lines -out ../conv_depthwise_lines_amd64.s -stubs ../conv_depthwise_lines_stub_amd64.go -pkg kernels

// vectorLines reports whether vectorLine supports elements of type T. AVX2, whose masks take registers of their own, has conv_depthwise3.go.
func vectorLines[T Float]() bool { return single[T]() && isa == AVX512 }

// vectorLine computes a block of columns of a plane y from a plane x.
func vectorLine[T Float](j *linesJob[T], b *lineBlock, y, x, w []T, bias T) {
	f := lineFunctions[j.compute]
	yp, xp, wp := checkedPointer(y[b.to:], len(y)-b.to), checkedPointer(x, j.from.size()), checkedPointer(w, j.weights)
	f(yp, xp, wp, &b.masks[0], 4*b.at, -j.top, j.from.height, j.to.height, 4*j.from.width, 4*j.to.width,
		float32(bias), float32(j.low), float32(j.high))
}

// lineFunctions are in the order of lineFunction.
var lineFunctions = [...]func(y, x, w *float32, masks *uint16, at, row, height, rows, xLine, yLine int, bias, low, high float32){
	depthwise3x3by11, depthwise3x3by12, depthwise3x3by21, depthwise3x3by22,
	depthwise5x5by11, depthwise5x5by12, depthwise5x5by21, depthwise5x5by22,
}
