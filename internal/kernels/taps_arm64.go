//go:build !noasm

package kernels

// vectorCombine is TapMap.combine.
func vectorCombine[T Float](m *TapMap[T], y, plane []T, i, end int) {
	_ = plane[m.in*m.inner-1]
	for ; i < end; i++ {
		from, to, n := m.first[i], m.first[i+1], m.inner
		if from == to {
			clear(y[:n])
		} else {
			combineRows(checkedPointer(y, n), pointer(plane), &m.at[from], checkedPointer(m.weight[from:], to-from), n, to-from)
		}
		y = y[n:]
	}
}

// vectorAlong sets rows of y to the sums of a piece of rows of x. The piece has at least tapLanes elements.
func vectorAlong[T Float](p *tapPiece[T], m *TapMap[T], y, x []T, rows int) {
	n := p.hi - p.lo
	_ = p.at[p.taps*n-1]
	for r := range rows {
		gatherTaps(checkedPointer(y[r*m.out+p.lo:], n), checkedPointer(x[r*m.in:], m.in), &p.at[0], checkedPointer(p.weight, p.taps*n), n, p.taps)
	}
}

func vectorFarTaps[T Float]() bool { return false }

func vectorFar[T Float](_ *tapPiece[T], _ *TapMap[T], _, _ []T, _ int) {
	panic("kernels: no vector form")
}

// borderedPlanes reports whether bordered supports several planes.
const borderedPlanes = false

func bordered(dst, x *byte, width, rows, out, in, _, _, _ int) {
	copyBordered(dst, x, width, rows, out, in)
}
