//go:build !noasm

package kernels

//go:generate go run -C gen ./depthwise3 -out ../conv_depthwise3_amd64.s -stubs ../conv_depthwise3_stub_amd64.go -pkg kernels

// vectorDepthwise3 reports whether the functions below support elements of type T. The AVX2 forms also serve AVX-512, whose wider registers
// compute no more at a time and are not filled by short lines.
func vectorDepthwise3[T Float]() bool { return single[T]() && isa != Generic }

// vectorDepthwise3Sum computes a part of y from x, whose lines have line elements, and the numbers w.
func vectorDepthwise3Sum[T Float](p *depthwise3Part, y, x, w []T, line int) {
	to, from, numbers := checkedPointer(y[p.dst:], 1), checkedPointer(x[p.x:], 1), checkedPointer(w, depthwise3Numbers)
	mask, first, n := &p.mask[0], &p.from[0], p.count()
	switch p.form {
	case depthwise3Sum:
		planeSum(to, from, numbers, mask, first, n, p.rows, line, p.to)
	case depthwise3SumSecond:
		planeSumSecond(to, from, numbers, mask, first, n, p.rows, line, p.to)
	case depthwise3SpreadEven:
		planeSpreadEven(to, from, numbers, mask, first, n, p.rows, p.lines, line, p.to)
	case depthwise3SpreadOdd:
		planeSpreadOdd(to, from, numbers, mask, first, n, p.rows, p.lines, line, p.to)
	}
}

// vectorDepthwise3Products adds the products of d and x to the lanes, 8 for each element of the kernel.
func vectorDepthwise3Products[T Float](p *depthwise3Part, lanes, d, x []T, line int) {
	sums, to, from := checkedPointer(lanes, 9*depthwise3Block), checkedPointer(d, p.rows*p.to), checkedPointer(x, 1)
	if p.form == depthwise3Sum {
		planeProducts(sums, to, from, &p.mask[0], &p.from[0], p.count(), p.rows, line, p.to)
	} else {
		planeProductsSecond(sums, to, from, &p.mask[0], &p.from[0], p.count(), p.rows, line, p.to)
	}
}
