package main

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// dense is a layer whose initial weights make its sums as large as its inputs are.
func dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: graph.LeCunNormal}
}

// meanPicture sets biases to what a sigmoid makes the mean of the rows of x of, which are from 0 to 1.
func meanPicture(x *graph.Tensor) graph.Initializer {
	pixels, width := x.Data().([]float32), x.Shape()[1]
	return func(dst []float64, _ []int, _ *rand.Rand) {
		clear(dst)
		for i, v := range pixels {
			dst[i%width] += float64(v) / float64(len(pixels)/width)
		}
		for i, mean := range dst {
			mean = min(max(mean, 0.001), 0.999) // a pixel that is always black has no logit
			dst[i] = math.Log(mean / (1 - mean))
		}
	}
}
