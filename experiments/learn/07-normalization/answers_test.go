package main

import (
	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// These answers test the judges. Try the exercises first.

var right1 = []graph.LayerFunc{
	func(_ *graph.Scope, x graph.Node) graph.Node {
		centred := x.Sub(x.Mean(1).Expand(1))
		return centred.Div(centred.Square().Mean(1).Expand(1).Shift(1e-5).Sqrt())
	},
	func(_ *graph.Scope, x graph.Node) graph.Node {
		mean, variance := x.Moments(1)
		return x.Normalize(mean, variance, 1e-5, graph.Node{}, graph.Node{})
	},
}

var wrong1 = []judge.Wrong[graph.LayerFunc]{
	{Name: "over the batch", Says: "row [1 2 3 4]", Answer: func(_ *graph.Scope, x graph.Node) graph.Node {
		mean, variance := x.Moments(0)
		return x.Normalize(mean, variance, 1e-5, graph.Node{}, graph.Node{})
	}},
	{Name: "no epsilon", Says: "row [1 2 3 4]", Answer: func(_ *graph.Scope, x graph.Node) graph.Node {
		mean, variance := x.Moments(1)
		return x.Sub(mean).Div(variance.Sqrt())
	}},
	{Name: "epsilon added to the standard deviation", Says: "row [", Answer: func(_ *graph.Scope, x graph.Node) graph.Node {
		mean, variance := x.Moments(1)
		return x.Sub(mean).Div(variance.Sqrt().Shift(1e-5))
	}},
	{Name: "statistics without a derivative", Says: "got derivative", Answer: func(_ *graph.Scope, x graph.Node) graph.Node {
		mean, variance := x.Moments(1)
		return x.Normalize(mean.StopGradient(), variance.StopGradient(), 1e-5, graph.Node{}, graph.Node{})
	}},
}

var right2 = []dropout{
	func(rate float64) graph.LayerFunc {
		return func(s *graph.Scope, x graph.Node) graph.Node {
			if !s.Training() {
				return x
			}
			keep := s.Noise(graph.Noise{Keep: 1 - rate}, x.Shape()...)
			return x.Mul(keep).Scale(1 / (1 - rate))
		}
	},
	func(rate float64) graph.LayerFunc { return layers.Dropout{Rate: rate}.Emit },
}

var wrong2 = []judge.Wrong[dropout]{
	// A library that this one carries on took the rate as the fraction that is kept, and dropped in inference too.
	{Name: "the rate is the fraction that is kept", Says: "want 0 or", Answer: func(rate float64) graph.LayerFunc { return layers.Dropout{Rate: 1 - rate}.Emit }},
	{Name: "in inference too", Says: "in inference", Answer: func(rate float64) graph.LayerFunc {
		return func(s *graph.Scope, x graph.Node) graph.Node {
			return layers.Dropout{Rate: rate}.Emit(s.TrainingMode(true), x)
		}
	}},
	{Name: "not divided", Says: "want 0 or", Answer: func(rate float64) graph.LayerFunc {
		return func(s *graph.Scope, x graph.Node) graph.Node {
			if !s.Training() {
				return x
			}
			return x.Mul(s.Noise(graph.Noise{Keep: 1 - rate}, x.Shape()...))
		}
	}},
	{Name: "whole rows", Says: "want other zeros in each row", Answer: func(rate float64) graph.LayerFunc {
		return func(s *graph.Scope, x graph.Node) graph.Node {
			if !s.Training() {
				return x
			}
			return x.Mul(s.Noise(graph.Noise{Keep: 1 - rate}, x.Dim(0), 1)).Scale(1 / (1 - rate))
		}
	}},
}
