//go:build !noasm

package kernels

// vectorCombines reports whether vectorCombine supports elements of type T.
func vectorCombines[T Float]() bool { return vectorised[T](1) }

// vectorCombine is combine for one tap or more.
func vectorCombine[T Float](dst, x []T, at []int32, weight []T) {
	for _, i := range at {
		_ = x[int(i)*len(dst):][:len(dst)]
	}
	combineRowsNEON(pointer(dst), pointer(x), &at[0], checkedPointer(weight, len(at)), len(dst), len(at))
}

// vectorTaps returns false: NEON cannot load elements from several addresses at once, so sums of single elements are portable.
func vectorTaps[T Float]() bool { return false }

func vectorAlong[T Float](_ *tapPiece[T], _, _ []T) { panic("kernels: no vector form") }

func vectorNear[T Float](_ *tapPiece[T], _ *TapMap[T], _, _ []T, _ int) {
	panic("kernels: no vector form")
}

func vectorEverySecond[T Float](_, _ []T) int   { return 0 }
func vectorToEverySecond[T Float](_, _ []T) int { return 0 }

func vectorBordered[T Float](_, _ []T, _, _, _, _ int) bool { return false }
