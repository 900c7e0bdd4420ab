package main

import (
	"math"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
)

// These answers test the judges. Try the exercises first.

var right1 = []func(float64) float64{
	func(x float64) float64 { return (1 - 2*x*x) * math.Exp(-x*x) },
}

var wrong1 = []judge.Wrong[func(float64) float64]{
	{Name: "the product of the derivatives", Says: "at x = -2", Answer: func(x float64) float64 { return -2 * x * math.Exp(-x*x) }},
	{Name: "no chain rule", Says: "at x = -2", Answer: func(x float64) float64 { return math.Exp(-x*x) + x*math.Exp(-x*x) }},
	{Name: "not a number", Says: "got NaN", Answer: func(float64) float64 { return math.NaN() }},
}

type descent = func(slope func(x float64) float64, x, rate float64, steps int) float64

var right2 = []descent{
	func(slope func(float64) float64, x, rate float64, steps int) float64 {
		for range steps {
			x -= rate * slope(x)
		}
		return x
	},
}

var wrong2 = []judge.Wrong[descent]{
	{Name: "uphill", Says: "after 1 steps: got 9, want 7", Answer: func(slope func(float64) float64, x, rate float64, steps int) float64 {
		for range steps {
			x += rate * slope(x)
		}
		return x
	}},
	{Name: "the slope at the start only", Says: "after 2 steps", Answer: func(slope func(float64) float64, x, rate float64, steps int) float64 {
		return x - float64(steps)*rate*slope(x)
	}},
}
