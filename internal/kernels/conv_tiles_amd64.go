//go:build !noasm

package kernels

import "math"

//go:generate go run -C gen ./tiles -out ../conv_tiles_amd64.s -stubs ../conv_tiles_stub_amd64.go -pkg kernels

// turnLines transposes lines of eight rows.
func turnLines[T Float](t turn, dst, src []T) {
	if !vectorised[T]() || t.n < 8 {
		plainTurn(t, dst, src)
		return
	}
	to := first(dst, (t.lines-1)*t.dstLine+(t.n-1)*t.dstStep+7*t.dstRow+1)
	from := first(src, (t.lines-1)*t.srcLine+(t.n-1)*t.srcStep+7*t.srcRow+1)
	tileTurn(to, from, 4*t.dstRow*t.dstStep, 4*t.srcRow*t.srcStep, 4*t.dstStep, 4*t.srcStep, 4*t.dstLine, 4*t.srcLine, t.n, t.lines)
}

// tilesIn writes Bᵀ·d·B of a row of tiles d, which begin two pixels apart. Lines of src are so many elements apart, and the 16
// matrices of dst are step apart; in both the channels lie side by side and are a multiple of 8. The form for AVX2 serves
// AVX-512 as well.
func tilesIn[T Float](dst, src []T, step, line, channels, tiles int) {
	if !vectorised[T]() {
		plainTilesIn(dst, src, step, line, channels, tiles)
		return
	}
	to, from := first(dst, 15*step+tiles*channels), first(src, 3*line+(2*tiles+2)*channels)
	tileInput(to, from, 4*step, 4*line, 4*channels, tiles, channels/8)
}

// tilesSpread writes A·d·Aᵀ of a row of 2 × 2 pixels d; otherwise it is tilesIn.
func tilesSpread[T Float](dst, src []T, step, line, channels, tiles int) {
	if !vectorised[T]() {
		plainTilesSpread(dst, src, step, line, channels, tiles)
		return
	}
	to, from := first(dst, 15*step+tiles*channels), first(src, line+2*tiles*channels)
	tileSpread(to, from, 4*step, 4*line, 4*channels, tiles, channels/8)
}

// kernelsSpread writes G·g·Gᵀ of kernels g, whose nine elements lie one after the other, each of width outputs, which are a
// multiple of 8. The 16 matrices of dst are step apart.
func kernelsSpread[T Float](dst, src []T, step, width, kernels int) {
	if !vectorised[T]() {
		plainKernelsSpread(dst, src, step, width, kernels)
		return
	}
	to, from := first(dst, 15*step+kernels*width), first(src, 9*kernels*width)
	kernelSpread(to, from, 4*step, 12*width, 4*width, kernels, width/8)
}

// kernelsGather writes Gᵀ·u·G of the elements u of 16 matrices that are step apart; dst is as kernelsSpread's src.
func kernelsGather[T Float](dst, src []T, step, width, kernels int) {
	if !vectorised[T]() {
		plainKernelsGather(dst, src, step, width, kernels)
		return
	}
	to, from := first(dst, 9*kernels*width), first(src, 15*step+kernels*width)
	kernelGather(to, from, 12*width, 4*step, 4*width, kernels, width/8)
}

// noBias is a bias for a panel of outputs that have none.
var noBias [32]float32

// tilesOut writes to two lines of dst what end makes of Aᵀ·m·A of a row of tiles m, whose 16 matrices are step apart.
func tilesOut[T Float](dst, src []T, line, step, channels, tiles int, end *tileEnd[T]) {
	if !vectorised[T]() {
		plainTilesOut(dst, src, line, step, channels, tiles, end)
		return
	}
	bias, floor := first(noBias[:], channels), float32(math.Inf(-1))
	if end.bias != nil {
		bias = first(end.bias, channels)
	}
	if end.relu {
		floor = 0
	}
	to, from := first(dst, line+2*tiles*channels), first(src, 15*step+tiles*channels)
	tileOutput(to, from, bias, first(end.check[:], 8), 4*line, 4*step, 4*channels, tiles, channels/8, floor)
}
