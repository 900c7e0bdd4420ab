package main

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// dense returns a layer whose initial weights keep the variance of its inputs.
func dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: graph.LeCunNormal}
}

// meanImage returns an initializer for the bias before a sigmoid: the logit of each pixel's mean over the rows of x, whose
// elements are from 0 to 1.
func meanImage(x *graph.Tensor) graph.Initializer {
	pixels, width := x.Data().([]float32), x.Shape()[1]
	return func(dst []float64, _ []int, _ *rand.Rand) {
		clear(dst)
		for i, v := range pixels {
			dst[i%width] += float64(v) / float64(len(pixels)/width)
		}
		for i, mean := range dst {
			mean = min(max(mean, 0.001), 0.999) // the logit of 0, a pixel that is always black, is infinite
			dst[i] = math.Log(mean / (1 - mean))
		}
	}
}
