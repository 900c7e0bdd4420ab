package main

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
)

// These answers test the judges. Try the exercises first.

func squares(image, original []float64) (sum float64) {
	for i, v := range image {
		sum += (v - original[i]) * (v - original[i])
	}
	return sum
}

var right1 = []psnr{
	func(image, original []float64) float64 {
		return -10 * math.Log10(squares(image, original)/float64(len(image)))
	},
}

var wrong1 = []judge.Wrong[psnr]{
	{Name: "the sum of the squares", Says: "dB", Answer: func(image, original []float64) float64 {
		return -10 * math.Log10(squares(image, original))
	}},
	{Name: "20 in place of 10", Says: "dB", Answer: func(image, original []float64) float64 {
		return -20 * math.Log10(squares(image, original)/float64(len(image)))
	}},
	{Name: "the natural logarithm", Says: "dB", Answer: func(image, original []float64) float64 {
		return -10 * math.Log(squares(image, original)/float64(len(image)))
	}},
	{Name: "a limit", Says: "equal images: got 100", Answer: func(image, original []float64) float64 {
		return min(100, -10*math.Log10(squares(image, original)/float64(len(image))))
	}},
}

// by maps the pixels so that lo becomes 0 and hi becomes 1.
func by(lo, hi float64, pixels []float64) []float64 {
	pixels = slices.Clone(pixels)
	for i, v := range pixels {
		pixels[i] = (v - lo) / (hi - lo)
	}
	return pixels
}

var right2 = []scaler{
	func(train, test []float64) ([]float64, []float64) {
		lo, hi := slices.Min(train), slices.Max(train)
		return by(lo, hi, train), by(lo, hi, test)
	},
}

var wrong2 = []judge.Wrong[scaler]{
	// A library that this one carries on scaled the test set by its own smallest and largest pixel.
	{Name: "the test set by itself", Says: "test set", Answer: func(train, test []float64) ([]float64, []float64) {
		return by(slices.Min(train), slices.Max(train), train), by(slices.Min(test), slices.Max(test), test)
	}},
	{Name: "by both sets", Says: "got [0 0.2 0.4 0.8]", Answer: func(train, test []float64) ([]float64, []float64) {
		both := slices.Concat(train, test)
		return by(slices.Min(both), slices.Max(both), train), by(slices.Min(both), slices.Max(both), test)
	}},
	{Name: "by the largest only", Says: "got [0.2", Answer: func(train, test []float64) ([]float64, []float64) {
		return by(0, slices.Max(train), train), by(0, slices.Max(train), test)
	}},
	{Name: "in place", Says: "got arguments changed", Answer: func(train, test []float64) ([]float64, []float64) {
		copy(test, by(slices.Min(train), slices.Max(train), test))
		copy(train, by(slices.Min(train), slices.Max(train), train))
		return train, test
	}},
}
