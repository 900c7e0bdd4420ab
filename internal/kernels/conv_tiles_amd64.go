//go:build !noasm

package kernels

import "math"

//go:generate go run -C gen ./tiles -out ../conv_tiles_amd64.s -stubs ../conv_tiles_stub_amd64.go -pkg kernels

// largeTiles is whether tiles of 4 × 4 pixels have a form.
const largeTiles = true

// transposeLines transposes lines of eight rows.
func transposeLines[T Float](t transposition, dst, src []T) {
	if !vectorised[T](1) || t.n < 4 {
		plainTranspose(t, dst, src)
		return
	}
	to := checkedPointer(dst, (t.lines-1)*t.dstLine+(t.n-1)*t.dstStride+7*t.dstRow+1)
	from := checkedPointer(src, (t.lines-1)*t.srcLine+(t.n-1)*t.srcStride+7*t.srcRow+1)
	dstRow, srcRow, dstStep, srcStep := 4*t.dstRow*t.dstStride, 4*t.srcRow*t.srcStride, 4*t.dstStride, 4*t.srcStride
	dstLine, srcLine := 4*t.dstLine, 4*t.srcLine
	switch {
	case t.n >= 8:
		tileTurn(to, from, dstRow, srcRow, dstStep, srcStep, dstLine, srcLine, t.n, t.lines)
	case t.srcStride == 1:
		tileTurnIn(to, from, dstRow, srcRow, dstStep, srcStep, dstLine, srcLine, t.n, t.lines)
	default:
		tileTurnOut(to, from, dstRow, srcRow, dstStep, srcStep, dstLine, srcLine, t.n, t.lines)
	}
}

// tilesIn writes Bᵀ·d·B for a row of tiles d, which begin size pixels apart. Lines of src are line elements apart, and the
// matrices of dst are stride apart. In both, channels are innermost; their number is a multiple of 8. The AVX2 form also
// serves AVX-512.
func tilesIn[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	if !vectorised[T](1) {
		plainTilesIn(size, dst, src, stride, line, channels, tiles)
		return
	}
	n := size + 2
	to, from := checkedPointer(dst, (n*n-1)*stride+tiles*channels), checkedPointer(src, (n-1)*line+(size*tiles+2)*channels)
	if size == 2 {
		tileInput(to, from, 4*stride, 4*line, 4*channels, tiles, channels/8)
	} else {
		tileInput4(to, from, 4*stride, 4*line, 4*channels, tiles, channels/8)
	}
}

// tilesSpread writes A·d·Aᵀ for a row of size × size pixels d; otherwise it is like tilesIn.
func tilesSpread[T Float](size int, dst, src []T, stride, line, channels, tiles int) {
	if !vectorised[T](1) {
		plainTilesSpread(size, dst, src, stride, line, channels, tiles)
		return
	}
	n := size + 2
	to, from := checkedPointer(dst, (n*n-1)*stride+tiles*channels), checkedPointer(src, (size-1)*line+size*tiles*channels)
	if size == 2 {
		tileSpread(to, from, 4*stride, 4*line, 4*channels, tiles, channels/8)
	} else {
		tileSpread4(to, from, 4*stride, 4*line, 4*channels, tiles, channels/8)
	}
}

// transformKernels writes G·g·Gᵀ for kernels g, whose nine elements lie one after the other, each for width outputs, a
// multiple of 8. The matrices of dst are stride apart.
func transformKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	if !vectorised[T](1) {
		plainTransformKernels(size, dst, src, stride, width, kernels)
		return
	}
	n := size + 2
	to, from := checkedPointer(dst, (n*n-1)*stride+kernels*width), checkedPointer(src, 9*kernels*width)
	if size == 2 {
		kernelSpread(to, from, 4*stride, 12*width, 4*width, kernels, width/8)
	} else {
		kernelSpread4(to, from, 4*stride, 4*width, kernels, width/8)
	}
}

// restoreKernels writes Gᵀ·u·G for the elements u of matrices that are stride apart. dst is laid out like the src of
// transformKernels.
func restoreKernels[T Float](size int, dst, src []T, stride, width, kernels int) {
	if !vectorised[T](1) {
		plainRestoreKernels(size, dst, src, stride, width, kernels)
		return
	}
	n := size + 2
	to, from := checkedPointer(dst, 9*kernels*width), checkedPointer(src, (n*n-1)*stride+kernels*width)
	if size == 2 {
		kernelGather(to, from, 12*width, 4*stride, 4*width, kernels, width/8)
	} else {
		kernelGather4(to, from, 4*stride, 4*width, kernels, width/8)
	}
}

// noBias is the bias of outputs that have none.
var noBias [32]float32

// tilesOut writes Aᵀ·m·A, as finished by end, for a row of tiles m to lines of dst. The matrices of src are stride
// apart.
func tilesOut[T Float](size int, dst, src []T, line, stride, channels, tiles int, end *tileEnd[T]) {
	if !vectorised[T](1) {
		plainTilesOut(size, dst, src, line, stride, channels, tiles, end)
		return
	}
	bias, floor := checkedPointer(noBias[:], channels), float32(math.Inf(-1))
	if end.bias != nil {
		bias = checkedPointer(end.bias, channels)
	}
	if end.relu {
		floor = 0
	}
	n := size + 2
	to, from := checkedPointer(dst, (size-1)*line+size*tiles*channels), checkedPointer(src, (n*n-1)*stride+tiles*channels)
	if size == 2 {
		tileOutput(to, from, bias, checkedPointer(end.check[:], 8), 4*line, 4*stride, 4*channels, tiles, channels/8, floor)
	} else {
		tileOutput4(to, from, bias, checkedPointer(end.check[:], 8), 4*line, 4*stride, 4*channels, tiles, channels/8, floor)
	}
}
