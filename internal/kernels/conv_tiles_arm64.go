//go:build !noasm

package kernels

import "math"

// transposeLines transposes lines of eight rows.
func transposeLines[T Float](t transposition, dst, src []T) {
	if !vectorised[T](1) || t.n < 8 || t.lines < 1 {
		plainTranspose(t, dst, src)
		return
	}
	to := checkedPointer(dst, (t.lines-1)*t.dstLine+(t.n-1)*t.dstStride+7*t.dstRow+1)
	from := checkedPointer(src, (t.lines-1)*t.srcLine+(t.n-1)*t.srcStride+7*t.srcRow+1)
	tileTurnNEON(to, from, 4*t.dstRow*t.dstStride, 4*t.srcRow*t.srcStride, 4*t.dstStride, 4*t.srcStride, 4*t.dstLine, 4*t.srcLine, t.n, t.lines)
}

// tilesIn writes Bᵀ·d·B for a row of tiles d, which begin two pixels apart. Lines of src are line elements apart, and the
// 16 matrices of dst are stride apart. In both, channels are innermost; their number is a multiple of 4.
func tilesIn[T Float](dst, src []T, stride, line, channels, tiles int) {
	if !vectorised[T](1) || tiles < 1 {
		plainTilesIn(dst, src, stride, line, channels, tiles)
		return
	}
	to, from := checkedPointer(dst, 15*stride+tiles*channels), checkedPointer(src, 3*line+(2*tiles+2)*channels)
	tileInputNEON(to, from, 16*stride, 4*stride, 4*channels, 4*line, 4*channels, 8*channels, tiles, channels/4)
}

// tilesSpread writes A·d·Aᵀ for a row of 2 × 2 pixels d; otherwise it is like tilesIn.
func tilesSpread[T Float](dst, src []T, stride, line, channels, tiles int) {
	if !vectorised[T](1) || tiles < 1 {
		plainTilesSpread(dst, src, stride, line, channels, tiles)
		return
	}
	to, from := checkedPointer(dst, 15*stride+tiles*channels), checkedPointer(src, line+2*tiles*channels)
	tileSpreadNEON(to, from, 16*stride, 4*stride, 4*channels, 4*line, 4*channels, 8*channels, tiles, channels/4)
}

// transformKernels writes G·g·Gᵀ for kernels g, whose nine elements lie one after the other, each for width outputs, a
// multiple of 4. The 16 matrices of dst are stride apart.
func transformKernels[T Float](dst, src []T, stride, width, kernels int) {
	if !vectorised[T](1) || kernels < 1 {
		plainTransformKernels(dst, src, stride, width, kernels)
		return
	}
	to, from := checkedPointer(dst, 15*stride+kernels*width), checkedPointer(src, 9*kernels*width)
	kernelSpreadNEON(to, from, 16*stride, 4*stride, 4*width, 12*width, 4*width, 36*width, kernels, width/4)
}

// restoreKernels writes Gᵀ·u·G for the elements u of 16 matrices that are stride apart. dst is laid out like the src of
// transformKernels.
func restoreKernels[T Float](dst, src []T, stride, width, kernels int) {
	if !vectorised[T](1) || kernels < 1 {
		plainRestoreKernels(dst, src, stride, width, kernels)
		return
	}
	to, from := checkedPointer(dst, 9*kernels*width), checkedPointer(src, 15*stride+kernels*width)
	kernelGatherNEON(to, from, 12*width, 4*width, 36*width, 16*stride, 4*stride, 4*width, kernels, width/4)
}

// noBias is the bias of outputs that have none.
var noBias [32]float32

// tilesOut writes Aᵀ·m·A, as finished by end, for a row of tiles m to two lines of dst. The 16 matrices of src are stride
// apart.
func tilesOut[T Float](dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	if !vectorised[T](1) || tiles < 1 {
		plainTilesOut(dst, src, line, stride, channels, tiles, end)
		return
	}
	bias, floor := checkedPointer(noBias[:], channels), float32(math.Inf(-1))
	if end.bias != nil {
		bias = checkedPointer(end.bias, channels)
	}
	if end.relu {
		floor = 0
	}
	to, from := checkedPointer(dst, line+2*tiles*channels), checkedPointer(src, 15*stride+tiles*channels)
	tileOutputNEON(to, from, 4*line, 4*channels, 8*channels, 16*stride, 4*stride, 4*channels, tiles, channels/4, bias,
		checkedPointer(end.check[:], 4), floor)
}
