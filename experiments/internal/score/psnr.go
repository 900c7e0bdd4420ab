// Package score measures pictures.
package score

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// MaxPSNR is the PSNR of equal pictures, in decibels, which would be infinite.
const MaxPSNR = 100

// PSNR is the peak signal-to-noise ratio of pictures to what they should be, in decibels: the mean over the pictures, the
// rows of x and of want, of 10·log10(1/MSE). Pixels are float32 from 0 to 1.
func PSNR(x, want *graph.Tensor) (float64, error) {
	a, okA := x.Data().([]float32)
	b, okB := want.Data().([]float32)
	if !okA || !okB || !slices.Equal(x.Shape(), want.Shape()) || x.Dims() == 0 || len(a) == 0 {
		return 0, fmt.Errorf("score: PSNR: got %v of %v and %v of %v, want float32 of one shape",
			x.Dtype(), []int(x.Shape()), want.Dtype(), []int(want.Shape()))
	}
	pictures := x.Shape()[0]
	size, sum := len(a)/pictures, 0.0
	for i := range pictures {
		sum += psnr(a[i*size:][:size], b[i*size:][:size])
	}
	return sum / float64(pictures), nil
}

// psnr is PSNR of one picture.
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
