package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// The operations of package graph have windows of at most two dimensions. Those of three move over volumes, (batch, channels, depth,
// height, width), as planes and columns: a pooling is a pooling of planes and one of columns, and a convolution is one of planes, whose
// channels are those of all depths that the window spans.

// planes returns the volume as planes, (batch·depth, channels, height, width).
func planes(x graph.Node) graph.Node {
	return x.Transpose(0, 2, 1, 3, 4).Reshape(-1, x.Dim(1), x.Dim(3), x.Dim(4))
}

// volume returns planes as a volume of the given batch.
func volume(y graph.Node, batch int) graph.Node {
	if y.Err() != nil {
		return y
	}
	return y.Reshape(batch, -1, y.Dim(1), y.Dim(2), y.Dim(3)).Transpose(0, 2, 1, 3, 4)
}

// poolVolume pools planes and then columns: the largest of largest elements is the largest, and the mean of the means of windows, each
// divided by the same count, is the mean.
func poolVolume(x graph.Node, windows []graph.Window, pool func(x graph.Node, w ...graph.Window) graph.Node) graph.Node {
	y := volume(pool(planes(x), windows[1:]...), x.Dim(0))
	if y.Err() != nil {
		return y
	}
	h, w := y.Dim(3), y.Dim(4)
	y = pool(y.Transpose(0, 1, 3, 4, 2).Reshape(x.Dim(0), -1, y.Dim(2)), windows[0])
	if y.Err() != nil {
		return y
	}
	return y.Reshape(x.Dim(0), x.Dim(1), h, w, -1).Transpose(0, 1, 4, 2, 3)
}

// convVolume convolves a volume with weights (out, in/groups, depth, height, width).
func convVolume(x, w graph.Node, groups int, windows []graph.Window) graph.Node {
	z, depth, batch := windows[0], w.Dim(2), x.Dim(0)
	if groups < 1 || x.Dim(1)%groups != 0 {
		return x.Errorf("got %d channels and %d groups, want groups that divide them", x.Dim(1), groups)
	}
	rows := (x.Dim(2)+z.Before+z.After-z.Dilation*(depth-1)-1)/z.Stride + 1
	if x.Dim(2)+z.Before+z.After < z.Dilation*(depth-1)+1 {
		return x.Errorf("got a depth of %d with padding %d and %d, want at least the %d of the window", x.Dim(2), z.Before, z.After, z.Dilation*(depth-1)+1)
	}
	padded := x.Pad(2, z.Before, z.After)
	var taps []graph.Node // each (batch·rows, groups, 1, in/groups, height, width)
	for k := range depth {
		tap := planes(every(padded, 2, k*z.Dilation, z.Stride, rows))
		if tap.Err() != nil {
			return tap
		}
		taps = append(taps, tap.Reshape(-1, groups, 1, x.Dim(1)/groups, x.Dim(3), x.Dim(4)))
	}
	all := graph.Concat(2, taps...).Reshape(-1, depth*x.Dim(1), x.Dim(3), x.Dim(4))
	flat := w.Transpose(0, 2, 1, 3, 4).Reshape(w.Dim(0), -1, w.Dim(3), w.Dim(4))
	return volume(all.Conv(flat, groups, windows[1:]...), batch)
}

// every returns n elements along an axis, the first at from and step apart.
func every(x graph.Node, axis, from, step, n int) graph.Node {
	if step == 1 || n == 1 {
		return x.Slice(axis, from, from+n)
	}
	span := n * step
	if rest := x.Dim(axis) - from; rest < span {
		x = x.Pad(axis, 0, span-rest)
	}
	shape := x.Shape()
	return x.Slice(axis, from, from+span).Reshape(slices.Concat(shape[:axis], []int{n, step}, shape[axis+1:])...).
		Slice(axis+1, 0, 1).Reshape(slices.Concat(shape[:axis], []int{n}, shape[axis+1:])...)
}

// convTransposeVolume is the transposed convolution of a volume with weights (in, out/groups, depth, height, width): one of planes, with
// a channel for each depth of the weights, and one of columns, which adds these at their places.
func convTransposeVolume(s *graph.Scope, x, w graph.Node, groups int, windows []graph.Window) graph.Node {
	depth, batch := w.Dim(2), x.Dim(0)
	out := w.Dim(1) * groups
	y := planes(x).ConvTranspose(w.Reshape(w.Dim(0), -1, w.Dim(3), w.Dim(4)), groups, windows[1:]...)
	if y.Err() != nil {
		return y
	}
	height, width := y.Dim(2), y.Dim(3)
	columns := y.Reshape(batch, -1, out, depth, height, width).Transpose(0, 2, 4, 5, 3, 1).Reshape(-1, depth, x.Dim(2))
	places := s.Table(func(i int) float64 {
		if i/depth == i%depth {
			return 1
		}
		return 0
	}, depth, 1, depth)
	y = columns.ConvTranspose(places, 1, windows[0])
	return y.Reshape(batch, out, height, width, -1).Transpose(0, 1, 4, 2, 3)
}
