package main

import (
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network makes the layers for images of the given size. Its input and output are images as vectors of rows·columns elements.
type network struct {
	layers func(rows, columns int) layers.Sequential
	epochs int // the default of -epochs
}

func networks() *choose.Flag[network] {
	return choose.Of(
		choose.Option[network]{Name: "deep", Value: network{deep, 30}},
		choose.Option[network]{Name: "tanh", Value: network{shallow, 30}},
		choose.Option[network]{Name: "conv", Value: network{conv, 5}},
	)
}

// deep narrows to 128 units in the middle, and widens again.
func deep(rows, columns int) layers.Sequential {
	return layers.Sequential{
		dense(256), layers.ReLU{},
		dense(180), layers.ReLU{},
		dense(128), layers.ReLU{},
		dense(180), layers.ReLU{},
		dense(256), layers.ReLU{},
		layers.Dense{Units: rows * columns}, layers.Sigmoid{},
	}
}

// shallow has fewer layers, for little noise.
func shallow(rows, columns int) layers.Sequential {
	return layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{},
		layers.Dense{Units: 128}, layers.Tanh{},
		layers.Dense{Units: 256}, layers.Tanh{},
		layers.Dense{Units: rows * columns}, layers.Sigmoid{},
	}
}

// dense returns a hidden layer with initial weights for ReLU.
func dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: graph.HeUniform}
}
