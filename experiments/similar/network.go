package main

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network maps images to vectors of length size. Its additional output has a place in a plane for each vector.
type network struct {
	size    int
	filters int // of the first convolution; the second has twice as many
	units   int // of the layer before the vector, and of that before the place
}

// usual returns the network of the experiment.
func usual(size int) network { return network{size: size, filters: 16, units: 128} }

const flat = "plane" // name of the additional output

// Emit implements graph.Layer. The plane learns from the vectors, but they do not learn from it.
func (n network) Emit(s *graph.Scope, x graph.Node) graph.Node {
	conv := func(filters int) layers.Conv2D {
		return layers.Conv2D{Filters: filters, Kernel: []int{3}, Padding: layers.Same, KernelInit: graph.HeUniform}
	}
	vector := s.ApplyAs("vector", layers.Sequential{
		conv(n.filters), layers.ReLU{}, layers.MaxPool2D{},
		conv(2 * n.filters), layers.ReLU{}, layers.MaxPool2D{},
		layers.Flatten{}, layers.Dense{Units: n.units, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: n.size},
	}, x)
	s.Output(flat, s.ApplyAs(flat, layers.Sequential{
		layers.Dense{Units: n.units, KernelInit: graph.HeUniform}, layers.ReLU{},
		layers.Dense{Units: 2},
	}, vector.StopGradient()))
	return vector
}
