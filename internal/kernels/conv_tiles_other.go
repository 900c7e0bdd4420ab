//go:build (!amd64 && !arm64) || noasm

package kernels

// largeTiles is whether tiles of 4 × 4 pixels have a form.
const largeTiles = false

// transposeLines transposes lines of eight rows.
func transposeLines[T Float](t transposition, dst, src []T) { plainTranspose(t, dst, src) }

// tilesIn writes Bᵀ·d·B for a row of tiles.
func tilesIn[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	plainTilesIn(size, dst, src, stride, line, channels, tiles)
}

// tilesSpread writes A·d·Aᵀ for a row of size × size pixels.
func tilesSpread[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	plainTilesSpread(size, dst, src, stride, line, channels, tiles)
}

// tilesOut writes Aᵀ·m·A, as finished by end, for a row of tiles to lines of dst.
func tilesOut[T Float](size int, dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	plainTilesOut(size, dst, src, line, stride, channels, tiles, end)
}

// transformKernels writes G·g·Gᵀ for kernels.
func transformKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	plainTransformKernels(size, dst, src, stride, width, kernels)
}

// restoreKernels writes Gᵀ·u·G for kernels.
func restoreKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	plainRestoreKernels(size, dst, src, stride, width, kernels)
}
