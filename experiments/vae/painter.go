package main

import (
	"context"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A painter generates images from codes of length latent.
type painter struct {
	decoder *graph.Model
	latent  int
}

// paint returns an image for each code, with pixels from 0 to 1.
func (p painter) paint(codes [][]float32) (*graph.Tensor, error) {
	var all []float32
	for _, c := range codes {
		all = append(all, c...)
	}
	y, err := p.decoder.Predict(context.Background(), tensor.New(tensor.WithShape(len(codes), p.latent), tensor.WithBacking(all)))
	if err != nil {
		return nil, err
	}
	pixels := y.Data().([]float32)
	for i, logit := range pixels {
		pixels[i] = float32(1 / (1 + math.Exp(-float64(logit))))
	}
	return y, nil
}

// random returns n codes from the standard normal distribution.
func (p painter) random(seed uint64, n int) [][]float32 {
	rng, codes := rand.New(rand.NewPCG(seed, 1)), make([][]float32, n)
	for i := range codes {
		for range p.latent {
			codes[i] = append(codes[i], float32(rng.NormFloat64()))
		}
	}
	return codes
}

// grid returns columns·columns codes of two numbers, at equally spaced quantiles of the standard normal distribution.
func grid() [][]float32 {
	quantile := func(i int) float32 { return float32(math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/columns-1)) }
	var codes [][]float32
	for row := range columns {
		for column := range columns {
			codes = append(codes, []float32{quantile(column), quantile(row)})
		}
	}
	return codes
}

// between interpolates linearly: fraction 0 gives a, 1 gives b.
func between(a, b []float32, fraction float32) []float32 {
	c := make([]float32, len(a))
	for i := range c {
		c[i] = a[i] + fraction*(b[i]-a[i])
	}
	return c
}

// span returns the n integers first, first+1, and so on.
func span(first, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = first + i
	}
	return list
}
