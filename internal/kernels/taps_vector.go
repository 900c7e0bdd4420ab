//go:build !noasm && (amd64 || arm64)

package kernels

import "unsafe"

// vectorCombines reports whether vectorCombine supports elements of type T, vectorTaps whether vectorAlong and vectorNear do. The
// AVX2 forms also serve AVX-512; arm64 has functions of the same names.
func vectorCombines[T Float]() bool { return vectorised[T](1) }
func vectorTaps[T Float]() bool     { return vectorised[T](1) }

// vectorNear sets rows of y, m.out elements apart, to the sums of piece p of rows of x.
func vectorNear[T Float](p *tapPiece[T], m *TapMap[T], y, x []T, rows int) {
	if rows == 0 {
		return
	}
	n, t := p.hi-p.lo, &p.near
	blocks := (n + tapLanes - 1) / tapLanes * p.taps
	_, _, _ = t.base[blocks-1], t.at[blocks*tapLanes-1], x[rows*m.in-1]
	to, weight := checkedPointer(y[p.lo:], (rows-1)*m.out+n), checkedPointer(t.weight, blocks*tapLanes)
	if t.width == 1 {
		permuteTaps(to, checkedPointer(x, 1), &t.base[0], &t.at[0], weight, n, p.taps, rows, m.out, m.in)
	} else {
		permuteTapsWide(to, checkedPointer(x, 1), &t.base[0], &t.at[0], weight, n, p.taps, rows, m.out, m.in)
	}
}

// vectorEverySecond sets elements of dst to every second one of x, as far as it has a form for both, and returns their number.
func vectorEverySecond[T Float](dst, x []T) int {
	n := min(len(dst), len(x)/2) / tapLanes * tapLanes
	if n == 0 || !vectorised[T](1) {
		return 0
	}
	everySecond(pointer(dst), pointer(x), n)
	return n
}

// vectorToEverySecond sets every second element of dst to elements of x, as far as it has a form for both, and returns their number.
func vectorToEverySecond[T Float](dst, x []T) int {
	n := min(len(dst)/2, len(x)) / tapLanes * tapLanes
	if n == 0 || !vectorised[T](1) {
		return 0
	}
	toEverySecond(pointer(dst), pointer(x), n)
	return n
}

// vectorBordered copies n rows of x, in elements apart, to rows of y, out elements apart, and sets what is between these to 0.
// It reports whether it has a form for the width.
func vectorBordered[T Float](y, x []T, width, n, out, in int) bool {
	return vectorBorderedPlanes(y, x, width, n, out, in, 1, 0, 0)
}

// vectorBorderedPlanes does what vectorBordered does for planes of n rows, which are outPlane and inPlane elements apart. It reports
// whether it has a form for the width and for several planes.
func vectorBorderedPlanes[T Float](y, x []T, width, n, out, in, planes, outPlane, inPlane int) bool {
	size := sizeof[T]()
	if isa == Generic || width*size < 32 || n < 1 || planes < 1 || planes > 1 && !borderedPlanes {
		return false
	}
	_, _ = y[(planes-1)*outPlane+(n-1)*out+width-1], x[(planes-1)*inPlane+(n-1)*in+width-1]
	to, from := (*byte)(unsafe.Pointer(&y[0])), (*byte)(unsafe.Pointer(&x[0]))
	bordered(to, from, width*size, n, out*size, in*size, planes, outPlane*size, inPlane*size)
	return true
}
