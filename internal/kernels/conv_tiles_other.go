//go:build (!amd64 && !arm64) || noasm

package kernels

// transposeLines transposes lines of eight rows.
func transposeLines[T Float](t transposition, dst, src []T) { plainTranspose(t, dst, src) }

// tilesIn writes Bᵀ·d·B for a row of tiles.
func tilesIn[T Float](dst, src []T, stride, line, channels, tiles int) {
	plainTilesIn(dst, src, stride, line, channels, tiles)
}

// tilesSpread writes A·d·Aᵀ for a row of 2 × 2 pixels.
func tilesSpread[T Float](dst, src []T, stride, line, channels, tiles int) {
	plainTilesSpread(dst, src, stride, line, channels, tiles)
}

// tilesOut writes Aᵀ·m·A, as finished by end, for a row of tiles to two lines of dst.
func tilesOut[T Float](dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	plainTilesOut(dst, src, line, stride, channels, tiles, end)
}

// transformKernels writes G·g·Gᵀ for kernels.
func transformKernels[T Float](dst, src []T, stride, width, kernels int) {
	plainTransformKernels(dst, src, stride, width, kernels)
}

// restoreKernels writes Gᵀ·u·G for kernels.
func restoreKernels[T Float](dst, src []T, stride, width, kernels int) {
	plainRestoreKernels(dst, src, stride, width, kernels)
}
