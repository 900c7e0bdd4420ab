package main

import (
	"context"
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// A painter draws pictures from codes of so many numbers.
type painter struct {
	decoder *graph.Model
	latent  int
}

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

// random returns n codes from the normal distribution.
func (p painter) random(seed uint64, n int) [][]float32 {
	rng, codes := rand.New(rand.NewPCG(seed, 1)), make([][]float32, n)
	for i := range codes {
		for range p.latent {
			codes[i] = append(codes[i], float32(rng.NormFloat64()))
		}
	}
	return codes
}

// grid returns codes of two numbers that have the normal distribution's plane in equal parts.
func grid() [][]float32 {
	place := func(i int) float32 { return float32(math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/columns-1)) }
	var codes [][]float32
	for row := range columns {
		for column := range columns {
			codes = append(codes, []float32{place(column), place(row)})
		}
	}
	return codes
}

// between returns the code that is the given share of the way from a to b.
func between(a, b []float32, share float32) []float32 {
	c := make([]float32, len(a))
	for i := range c {
		c[i] = a[i] + share*(b[i]-a[i])
	}
	return c
}

// span returns n numbers from first on.
func span(first, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = first + i
	}
	return list
}
