//go:build !noasm

package kernels

//go:generate go run -C gen ./taps -out ../taps_amd64.s -stubs ../taps_stub_amd64.go -pkg kernels

// vectorCombine is TapMap.combine.
func vectorCombine[T Float](m *TapMap[T], y, plane []T, i, end int) {
	k := m.first[end]
	_ = plane[m.in*m.inner-1]
	if k == m.first[i] {
		clear(y)
		return
	}
	combineLines(checkedPointer(y, (end-i)*m.inner), pointer(plane), &m.first[i], &m.at[:k][0], checkedPointer(m.weight, k), m.inner, end-i)
}

// vectorAlong sets rows of y to the sums of a piece of rows of x. The piece has at least tapLanes elements.
func vectorAlong[T Float](p *tapPiece[T], m *TapMap[T], y, x []T, rows int) {
	if rows == 0 {
		return
	}
	n := p.hi - p.lo
	_, _, _ = p.at[p.taps*n-1], x[rows*m.in-1], y[tapLanes-1]
	gatherTaps(checkedPointer(y[p.lo:], (rows-1)*m.out+n), pointer(x), &p.at[0], checkedPointer(p.weight, p.taps*n), n, p.taps, rows, m.out, m.in)
}

// vectorFarTaps reports whether vectorFar supports elements of type T.
func vectorFarTaps[T Float]() bool { return isa == AVX512 && single[T]() }

// vectorFar sets rows of y to the sums of a piece of rows of x.
func vectorFar[T Float](p *tapPiece[T], m *TapMap[T], y, x []T, rows int) {
	if rows == 0 {
		return
	}
	t, blocks := &p.far, len(p.far.block)/2
	_, _, _ = t.base[blocks*p.taps-1], t.at[blocks*p.taps*farLanes-1], x[rows*m.in-1]
	permuteFar(checkedPointer(y[p.lo:], (rows-1)*m.out+p.hi-p.lo), pointer(x), &t.block[0], &t.base[0], &t.at[0],
		checkedPointer(t.weight, blocks*p.taps*farLanes), blocks, p.taps, rows, m.out, m.in)
}

// borderedPlanes reports whether bordered supports several planes.
const borderedPlanes = true

func bordered(dst, x *byte, width, rows, out, in, planes, outPlane, inPlane int) {
	copyBordered(dst, x, width, rows, out, in, planes, outPlane, inPlane)
}
