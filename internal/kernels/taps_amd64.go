//go:build !noasm

package kernels

//go:generate go run -C gen ./taps -out ../taps_amd64.s -stubs ../taps_stub_amd64.go -pkg kernels

// vectorTaps reports whether the functions below support elements of type T. The AVX2 form also serves AVX-512.
func vectorTaps[T Float]() bool { return vectorised[T]() }

// vectorCombine is combine for rows of at least tapLanes elements and one tap or more.
func vectorCombine[T Float](dst, x []T, at []int32, weight []T) {
	for _, i := range at {
		_ = x[int(i)*len(dst):][:len(dst)]
	}
	combineRows(checkedPointer(dst, tapLanes), checkedPointer(x, 1), &at[0], checkedPointer(weight, len(at)), len(dst), len(at))
}

// vectorAlong is tapPiece.sum for at least tapLanes elements. The piece's indices are those of a map of len(x) elements.
func vectorAlong[T Float](p *tapPiece[T], dst, x []T) {
	n := p.taps * len(dst)
	_, _ = p.at[n-1], dst[tapLanes-1]
	gatherTaps(checkedPointer(dst, tapLanes), checkedPointer(x, 1), &p.at[0], checkedPointer(p.weight, n), len(dst), p.taps)
}
