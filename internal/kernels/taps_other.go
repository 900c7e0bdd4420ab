//go:build noasm || (!amd64 && !arm64)

package kernels

func vectorCombines[T Float]() bool { return false }

func vectorTaps[T Float]() bool { return false }

func vectorFarTaps[T Float]() bool { return false }

func vectorCombine[T Float](_ *TapMap[T], _, _ []T, _, _ int) { panic("kernels: no vector form") }

func vectorAlong[T Float](_ *tapPiece[T], _ *TapMap[T], _, _ []T, _ int) {
	panic("kernels: no vector form")
}

func vectorFar[T Float](_ *tapPiece[T], _ *TapMap[T], _, _ []T, _ int) {
	panic("kernels: no vector form")
}

func vectorNear[T Float](_ *tapPiece[T], _ *TapMap[T], _, _ []T, _ int) {
	panic("kernels: no vector form")
}

func vectorEverySecond[T Float](_, _ []T) int { return 0 }

func vectorToEverySecond[T Float](_, _ []T) int { return 0 }

func vectorBordered[T Float](_, _ []T, _, _, _, _ int) bool { return false }

func vectorBorderedPlanes[T Float](_, _ []T, _, _, _, _, _, _, _ int) bool { return false }
