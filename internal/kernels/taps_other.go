//go:build noasm || !amd64

package kernels

func vectorTaps[T Float]() bool { return false }

func vectorCombine[T Float](_, _ []T, _ []int32, _ []T) { panic("kernels: no vector form") }

func vectorAlong[T Float](_ *tapPiece[T], _, _ []T) { panic("kernels: no vector form") }
