package main

import (
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/shrink"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A network is a form of pictures and the layers that suit it.
type network struct {
	pictures func(m *datasets.Images) *graph.Tensor
	layers   func(a choose.Activation, classes int) layers.Sequential
}

func networks() *choose.Flag[network] {
	return choose.Of(
		choose.Option[network]{Name: "2d", Value: network{(*datasets.Images).Planes, plane}},
		choose.Option[network]{Name: "1d784", Value: network{row, signal}},
		choose.Option[network]{Name: "1d256", Value: network{shrunkRow, signal}},
	)
}

// data returns pictures in the form of the network, and their classes.
func (n network) data(m *datasets.Images) graph.Arrays {
	return graph.Arrays{X: n.pictures(m), Y: m.Y()}
}

// plane is two convolutions of pictures.
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

// signal is a convolution of pixels in a row.
func signal(a choose.Activation, classes int) layers.Sequential {
	return layers.Sequential{
		layers.Conv1D{Filters: 32, Kernel: 3}, layers.MaxPool1D{}, layers.Flatten{},
		a.Dense(100), a.Layer,
		layers.Dense{Units: classes}, layers.Softmax{},
	}
}

// row returns pictures as signals of one channel.
func row(m *datasets.Images) *graph.Tensor {
	return tensor.New(tensor.WithShape(m.Len(), 1, m.Rows*m.Cols), tensor.WithBacking(m.X().Float32s()))
}

// shrunkRow is row for pictures that are made 16×16 pixels small.
func shrunkRow(m *datasets.Images) *graph.Tensor {
	const side = 16
	return tensor.New(tensor.WithShape(m.Len(), 1, side*side), tensor.WithBacking(shrink.Pictures(m.X().Float32s(), m.Rows, m.Cols, side)))
}
