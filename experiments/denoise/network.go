package main

import (
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network makes the layers for pictures of so many rows and columns, which are given and returned as vectors.
type network struct {
	layers func(rows, columns int) layers.Sequential
	epochs int // to train it if the user does not say
}

func networks() *choose.Flag[network] {
	return choose.Of(
		choose.Option[network]{Name: "deep", Value: network{deep, 30}},
		choose.Option[network]{Name: "tanh", Value: network{shallow, 30}},
		choose.Option[network]{Name: "conv", Value: network{conv, 5}},
	)
}

// deep is as wide as the picture at both ends, and narrow in the middle.
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

// shallow is for pictures of which most is to be seen.
func shallow(rows, columns int) layers.Sequential {
	return layers.Sequential{
		layers.Dense{Units: 256}, layers.Tanh{},
		layers.Dense{Units: 128}, layers.Tanh{},
		layers.Dense{Units: 256}, layers.Tanh{},
		layers.Dense{Units: rows * columns}, layers.Sigmoid{},
	}
}

// dense is a hidden layer, with initial weights as ReLU wants them.
func dense(units int) layers.Dense {
	return layers.Dense{Units: units, KernelInit: graph.HeUniform}
}
