package main

import (
	"slices"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
)

// These answers test the judges. Try the exercises first.

func convolution1(x, w []float64, stride int) (y []float64) {
	for i := 0; i+len(w) <= len(x); i += stride {
		sum := 0.0
		for k := range w {
			sum += x[i+k] * w[k]
		}
		y = append(y, sum)
	}
	return y
}

var right1 = []convolution{convolution1}

var wrong1 = []judge.Wrong[convolution]{
	{Name: "the kernel of mathematics, which is flipped", Says: "kernel of 3", Answer: func(x, w []float64, stride int) []float64 {
		w = slices.Clone(w)
		slices.Reverse(w)
		return convolution1(x, w, stride)
	}},
	{Name: "beyond the end", Says: "panics", Answer: func(x, w []float64, stride int) (y []float64) {
		for i := 0; i < len(x); i += stride {
			sum := 0.0
			for k := range w {
				sum += x[i+k] * w[k]
			}
			y = append(y, sum)
		}
		return y
	}},
	{Name: "no stride", Says: "stride 2: got 5 elements, want 3", Answer: func(x, w []float64, _ int) []float64 { return convolution1(x, w, 1) }},
}

func unpoolBy(put func(dx []float64, at int, d float64)) unpool {
	return func(x []float64, size, stride int, dy []float64) []float64 {
		dx := make([]float64, len(x))
		for i, d := range dy {
			window := x[i*stride:][:size]
			put(dx, i*stride+slices.Index(window, slices.Max(window)), d)
		}
		return dx
	}
}

var right2 = []unpool{unpoolBy(func(dx []float64, at int, d float64) { dx[at] += d })}

var wrong2 = []judge.Wrong[unpool]{
	// A library that this one carries on lost gradient where windows overlap.
	{Name: "set and not added", Says: "stride 1", Answer: unpoolBy(func(dx []float64, at int, d float64) { dx[at] = d })},
	{Name: "spread over the window", Says: "windows of 2", Answer: func(x []float64, size, stride int, dy []float64) []float64 {
		dx := make([]float64, len(x))
		for i, d := range dy {
			for k := range size {
				dx[i*stride+k] += d / float64(size)
			}
		}
		return dx
	}},
	{Name: "the largest from 0 on", Says: "got [0.000", Answer: func(x []float64, size, stride int, dy []float64) []float64 {
		dx := make([]float64, len(x))
		for i, d := range dy {
			most, at := 0.0, -1
			for k, v := range x[i*stride:][:size] {
				if v > most {
					most, at = v, i*stride+k
				}
			}
			if at >= 0 {
				dx[at] += d
			}
		}
		return dx
	}},
}
