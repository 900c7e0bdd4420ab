package main

import (
	"math"

	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
)

// These answers test the judges. Try the exercises first.

var right1 = []backward{
	func(p, dp []float64) []float64 {
		mean, dz := 0.0, make([]float64, len(p))
		for i := range p {
			mean += p[i] * dp[i]
		}
		for i := range p {
			dz[i] = p[i] * (dp[i] - mean)
		}
		return dz
	},
}

var wrong1 = []judge.Wrong[backward]{
	// A library that this one carries on kept only the diagonal of the Jacobian.
	{Name: "the diagonal only", Says: "want [0.0819", Answer: func(p, dp []float64) []float64 {
		dz := make([]float64, len(p))
		for i := range p {
			dz[i] = p[i] * (1 - p[i]) * dp[i]
		}
		return dz
	}},
	{Name: "nothing", Says: "got 0 elements", Answer: func(_, _ []float64) []float64 { return nil }},
}

// adamWith is Adam whose correction of the bias counts the steps as count says.
func adamWith(count func(step int) int) adam {
	return func(gradient func(w float64) float64, w, rate float64, steps int) float64 {
		m, v := 0.0, 0.0
		for step := 1; step <= steps; step++ {
			g := gradient(w)
			m = 0.9*m + 0.1*g
			v = 0.999*v + 0.001*g*g
			t := float64(count(step))
			w -= rate * m / (1 - math.Pow(0.9, t)) / (math.Sqrt(v/(1-math.Pow(0.999, t))) + 1e-8)
		}
		return w
	}
}

var right2 = []adam{adamWith(func(step int) int { return step })}

var wrong2 = []judge.Wrong[adam]{
	// The same library corrected the bias by the epoch.
	{Name: "corrected by the epoch", Says: "after 2 steps", Answer: adamWith(func(step int) int { return 1 + (step-1)/10 })},
	{Name: "counted from 0", Says: "after 1 steps: got", Answer: adamWith(func(step int) int { return step - 1 })},
	{Name: "not corrected", Says: "after 1 steps", Answer: adamWith(func(int) int { return 1 << 20 })},
	{Name: "gradient descent", Says: "after 1 steps", Answer: func(gradient func(float64) float64, w, rate float64, steps int) float64 {
		for range steps {
			w -= rate * gradient(w)
		}
		return w
	}},
}
