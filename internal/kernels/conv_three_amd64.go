//go:build !noasm

package kernels

//go:generate go run -C gen ./planes -out ../planes_amd64.s -stubs ../planes_stub_amd64.go -pkg kernels

// vectorThree reports whether the functions below support elements of type T. The AVX2 forms also serve AVX-512, whose wider registers
// compute no more at a time and are not filled by short lines.
func vectorThree[T Float]() bool { return single[T]() && isa != Generic }

// vectorThreeSum computes a part of y from x, whose lines have line elements, and the numbers w.
func vectorThreeSum[T Float](p *threePart, y, x, w []T, line int) {
	to, from, numbers := checkedPointer(y[p.dst:], 1), checkedPointer(x[p.x:], 1), checkedPointer(w, threeNumbers)
	mask, first, n := &p.mask[0], &p.from[0], p.count()
	switch p.form {
	case threeSum:
		planeSum(to, from, numbers, mask, first, n, p.rows, line, p.to)
	case threeSumSecond:
		planeSumSecond(to, from, numbers, mask, first, n, p.rows, line, p.to)
	case threeSpreadEven:
		planeSpreadEven(to, from, numbers, mask, first, n, p.rows, p.lines, line, p.to)
	case threeSpreadOdd:
		planeSpreadOdd(to, from, numbers, mask, first, n, p.rows, p.lines, line, p.to)
	}
}

// vectorThreeProducts adds the products of d and x to the lanes, 8 for each element of the kernel.
func vectorThreeProducts[T Float](p *threePart, lanes, d, x []T, line int) {
	sums, to, from := checkedPointer(lanes, 9*threeBlock), checkedPointer(d, p.rows*p.to), checkedPointer(x, 1)
	if p.form == threeSum {
		planeProducts(sums, to, from, &p.mask[0], &p.from[0], p.count(), p.rows, line, p.to)
	} else {
		planeProductsSecond(sums, to, from, &p.mask[0], &p.from[0], p.count(), p.rows, line, p.to)
	}
}
