//go:build !amd64 || noasm

package kernels

// turnLines transposes lines of eight rows.
func turnLines[T Float](t turn, dst, src []T) { plainTurn(t, dst, src) }

// tilesIn writes Bᵀ·d·B of a row of tiles.
func tilesIn[T Float](dst, src []T, step, line, channels, tiles int) {
	plainTilesIn(dst, src, step, line, channels, tiles)
}

// tilesSpread writes A·d·Aᵀ of a row of 2 × 2 pixels.
func tilesSpread[T Float](dst, src []T, step, line, channels, tiles int) {
	plainTilesSpread(dst, src, step, line, channels, tiles)
}

// tilesOut writes to two lines of dst what end makes of Aᵀ·m·A of a row of tiles.
func tilesOut[T Float](dst, src []T, line, step, channels, tiles int, end *tileEnd[T]) {
	plainTilesOut(dst, src, line, step, channels, tiles, end)
}

// kernelsSpread writes G·g·Gᵀ of kernels.
func kernelsSpread[T Float](dst, src []T, step, width, kernels int) {
	plainKernelsSpread(dst, src, step, width, kernels)
}

// kernelsGather writes Gᵀ·u·G of kernels.
func kernelsGather[T Float](dst, src []T, step, width, kernels int) {
	plainKernelsGather(dst, src, step, width, kernels)
}
