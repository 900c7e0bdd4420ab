package main

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// conv is a network of convolutions of our own, in the form of a U (Ronneberger et al. 2015): the picture is halved twice, dense
// layers see the whole of it at the turn, and on the way up it is given what the same size knew on the way down.
func conv(rows, columns int) layers.Sequential {
	return layers.Sequential{
		layers.Reshape{Shape: []int{1, rows, columns}},
		layers.Lambda(senses),
		filter(32, 4, 2), layers.ReLU{},
		graph.LayerFunc(turn), layers.ReLU{},
		filter(32, 3, 1), layers.ReLU{},
		layers.ConvTranspose2D{Filters: 1, Kernel: []int{4}, Stride: []int{2}, Padding: layers.Same},
		layers.Lambda(func(x graph.Node) graph.Node { return cut(x, rows, columns) }),
		layers.Flatten{}, layers.Sigmoid{},
	}
}

// filter is a convolution that keeps the size, or divides it by the stride.
func filter(filters, kernel, stride int) layers.Conv2D {
	return layers.Conv2D{Filters: filters, Kernel: []int{kernel}, Stride: []int{stride}, Padding: layers.Same, KernelInit: graph.HeUniform}
}

// senses gives each pixel two more channels: how nearly black and how nearly white it is. Most pixels of a drawing are, and few
// of noise, so that they tell which pixels have not been replaced; no convolution finds it easily, for it is so sharp.
func senses(x graph.Node) graph.Node {
	const sharpness = 64
	return graph.Concat(1, x, x.Scale(-sharpness).Shift(1).ReLU(), x.Scale(sharpness).Shift(1-sharpness).ReLU())
}

// turn halves the picture, looks at the whole of it, and doubles it again.
func turn(s *graph.Scope, x graph.Node) graph.Node {
	small := s.Apply(filter(64, 3, 2), x).ReLU()
	seen := small.Add(overview(s, small)).ReLU()
	large := s.Apply(layers.ConvTranspose2D{Filters: x.Dim(1), Kernel: []int{2}, Stride: []int{2}}, seen)
	return x.Add(cut(large, x.Dim(2), x.Dim(3)))
}

// overview is dense layers of all places.
func overview(s *graph.Scope, x graph.Node) graph.Node {
	places := x.Reshape(x.Dim(0), -1)
	h := s.Apply(dense(256), places).ReLU()
	return s.Apply(layers.Dense{Units: places.Dim(1)}, h).Reshape(x.Shape()...)
}

// cut returns the part of pictures that is left of an odd size that was rounded up.
func cut(x graph.Node, rows, columns int) graph.Node {
	return x.Slice(2, 0, rows).Slice(3, 0, columns)
}
