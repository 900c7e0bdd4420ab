// Package score measures the quality of images.
package score

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// MaxPSNR, in decibels, is the largest PSNR of an image: equal images get it in place of infinity.
const MaxPSNR = 100

// PSNR returns the peak signal-to-noise ratio in decibels: the mean over the images of 10·log10(1/MSE), at most MaxPSNR. X
// holds the images and want the originals, one image per row, with float32 pixels from 0 to 1.
func PSNR(x, want *graph.Tensor) (float64, error) {
	a, okA := x.Data().([]float32)
	b, okB := want.Data().([]float32)
	if !okA || !okB || !slices.Equal(x.Shape(), want.Shape()) || x.Dims() == 0 || len(a) == 0 {
		return 0, fmt.Errorf("score: PSNR: got %v of %v and %v of %v, want float32 of one shape",
			x.Dtype(), []int(x.Shape()), want.Dtype(), []int(want.Shape()))
	}
	images := x.Shape()[0]
	size, sum := len(a)/images, 0.0
	for i := range images {
		sum += psnr(a[i*size:][:size], b[i*size:][:size])
	}
	return sum / float64(images), nil
}

// psnr is PSNR for one image.
func psnr(x, want []float32) float64 {
	squares := 0.0
	for i, v := range x {
		d := float64(v) - float64(want[i])
		squares += d * d
	}
	if squares == 0 {
		return MaxPSNR
	}
	return min(MaxPSNR, -10*math.Log10(squares/float64(len(x))))
}
