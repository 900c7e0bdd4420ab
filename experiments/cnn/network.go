package main

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/shrink"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network converts images to its input and makes the layers.
type network struct {
	input  func(m *datasets.Images) *graph.Tensor
	layers func(a choose.Activation, classes int) layers.Sequential
}

func networks() *choose.Flag[network] {
	return choose.Of(
		choose.Option[network]{Name: "2d", Value: network{(*datasets.Images).Planes, plane}},
		choose.Option[network]{Name: "1d784", Value: network{row, signal}},
		choose.Option[network]{Name: "1d256", Value: network{shrunkRow, signal}},
	)
}

// data returns the images as the network's input, with their classes as targets.
func (n network) data(m *datasets.Images) graph.Arrays {
	return graph.Arrays{X: n.input(m), Y: m.Y()}
}

// plane returns two 2-D convolutions and a dense classifier.
func plane(a choose.Activation, classes int) layers.Sequential {
	conv := func(filters int) layers.Conv2D {
		return layers.Conv2D{Filters: filters, Kernel: []int{3}, Padding: layers.Same, KernelInit: a.Init}
	}
	return layers.Sequential{
		conv(32), a.Layer, layers.MaxPool2D{},
		conv(64), a.Layer, layers.MaxPool2D{},
		layers.Flatten{}, a.Dense(128), a.Layer,
		layers.Dense{Units: classes}, layers.Softmax{},
	}
}

// signal returns one 1-D convolution and a dense classifier.
func signal(a choose.Activation, classes int) layers.Sequential {
	return layers.Sequential{
		layers.Conv1D{Filters: 32, Kernel: 3}, layers.MaxPool1D{}, layers.Flatten{},
		a.Dense(100), a.Layer,
		layers.Dense{Units: classes}, layers.Softmax{},
	}
}

// row returns images as signals of one channel, of shape (images, 1, pixels).
func row(m *datasets.Images) *graph.Tensor {
	return tensor.New(tensor.WithShape(m.Len(), 1, m.Rows*m.Cols), tensor.WithBacking(m.X().Float32s()))
}

// shrunkRow is row after shrinking the images to 16×16 pixels.
func shrunkRow(m *datasets.Images) *graph.Tensor {
	const side = 16
	return tensor.New(tensor.WithShape(m.Len(), 1, side*side), tensor.WithBacking(shrink.Pictures(m.X().Float32s(), m.Rows, m.Cols, side)))
}
