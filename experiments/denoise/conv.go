package main

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// conv is a U-shaped convolutional network (after Ronneberger et al. 2015): it halves the image twice, applies dense layers to
// the smallest size, and doubles the image twice. A skip connection joins the layers at half the size.
func conv(rows, columns int) layers.Sequential {
	return layers.Sequential{
		layers.Reshape{Shape: []int{1, rows, columns}},
		layers.Lambda(addExtremes),
		filter(32, 4, 2), layers.ReLU{},
		graph.LayerFunc(bottom), layers.ReLU{},
		filter(32, 3, 1), layers.ReLU{},
		layers.ConvTranspose2D{Filters: 1, Kernel: []int{4}, Stride: []int{2}, Padding: layers.Same},
		layers.Lambda(func(x graph.Node) graph.Node { return crop(x, rows, columns) }),
		layers.Flatten{}, layers.Sigmoid{},
	}
}

// filter returns a convolution that divides the image's size by the stride.
func filter(filters, kernel, stride int) layers.Conv2D {
	return layers.Conv2D{Filters: filters, Kernel: []int{kernel}, Stride: []int{stride}, Padding: layers.Same, KernelInit: graph.HeUniform}
}

// addExtremes adds two channels: how close each pixel is to black and to white. Most original pixels are close to one of them
// and few random ones are, so the channels show which pixels were replaced; a convolution would not learn so sharp a function
// easily.
func addExtremes(x graph.Node) graph.Node {
	const sharpness = 64
	return graph.Concat(1, x, x.Scale(-sharpness).Shift(1).ReLU(), x.Scale(sharpness).Shift(1-sharpness).ReLU())
}

// bottom halves the image, applies dense layers to all of it, doubles it again, and adds the result to x.
func bottom(s *graph.Scope, x graph.Node) graph.Node {
	small := s.Apply(filter(64, 3, 2), x).ReLU()
	seen := small.Add(everywhere(s, small)).ReLU()
	large := s.Apply(layers.ConvTranspose2D{Filters: x.Dim(1), Kernel: []int{2}, Stride: []int{2}}, seen)
	return x.Add(crop(large, x.Dim(2), x.Dim(3)))
}

// everywhere applies two dense layers to all elements of each image, and keeps its shape.
func everywhere(s *graph.Scope, x graph.Node) graph.Node {
	flat := x.Reshape(x.Dim(0), -1)
	h := s.Apply(dense(256), flat).ReLU()
	return s.Apply(layers.Dense{Units: flat.Dim(1)}, h).Reshape(x.Shape()...)
}

// crop removes the last row or column that upsampling an odd size adds.
func crop(x graph.Node, rows, columns int) graph.Node {
	return x.Slice(2, 0, rows).Slice(3, 0, columns)
}
