package main

import (
	"github.com/nndiy/nndiy/experiments/learn/internal/judge"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// These answers test the judges. Try the exercises first.

var right1 = []line{
	func() (float64, float64, float64) { return -2, 1, 1 },
	func() (float64, float64, float64) { return -20, 10, 10 }, // a steeper neuron with the same line
}

var wrong1 = []judge.Wrong[line]{
	{Name: "the other side", Says: "want the other sign", Answer: func() (float64, float64, float64) { return 2, -1, -1 }},
	{Name: "the other bias", Says: "want the other sign", Answer: func() (float64, float64, float64) { return -2, 1, -1 }},
}

var right2 = []network{
	func() graph.Layer {
		return layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}, layers.Dense{Units: 1}, layers.Sigmoid{}}
	},
	// A product of two weighted sums needs fewer.
	func() graph.Layer {
		return layers.Sequential{layers.Multiply{layers.Dense{Units: 1}, layers.Dense{Units: 1}}, neuron}
	},
}

var wrong2 = []judge.Wrong[network]{
	{Name: "the network of the lesson", Says: "got 33 parameters", Answer: func() graph.Layer { return hidden }},
	{Name: "one neuron", Says: "accuracy", Answer: func() graph.Layer { return neuron }},
	{Name: "no function between the layers", Says: "accuracy", Answer: func() graph.Layer {
		return layers.Sequential{layers.Dense{Units: 3}, layers.Dense{Units: 1}, layers.Sigmoid{}}
	}},
	{Name: "no sigmoid at the end", Says: "want probabilities: end the network with Sigmoid", Answer: func() graph.Layer {
		return layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}, layers.Dense{Units: 1}}
	}},
}
