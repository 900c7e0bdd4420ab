package layers

import "github.com/nndiy/nndiy/graph"

// AdaptiveMaxPool1D returns the largest element in each of Size parts of a signal: (batch, channels, length) becomes (batch,
// channels, Size) for any length. Part i has the elements from i·length/Size, rounded down, to (i+1)·length/Size, rounded up,
// as in PyTorch: the parts have nearly equal sizes, and neighbours may overlap by one element.
type AdaptiveMaxPool1D struct {
	Size int // of the output; 0 means 1
}

// Emit implements graph.Layer.
func (p AdaptiveMaxPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return adaptive(x, 1, listOf(p.Size), graph.Node.MaxPool)
}

// AdaptiveMaxPool2D returns the largest element in each part of an image: (batch, channels, height, width) becomes (batch,
// channels, rows, columns) for any height and width, which are divided as in AdaptiveMaxPool1D.
type AdaptiveMaxPool2D struct {
	Size []int // of the output: one number, or rows and columns; nil means 1
}

// Emit implements graph.Layer.
func (p AdaptiveMaxPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return adaptive(x, 2, p.Size, graph.Node.MaxPool)
}

// AdaptiveAvgPool1D returns the mean of each of Size parts of a signal: (batch, channels, length) becomes (batch, channels,
// Size) for any length, which is divided as in AdaptiveMaxPool1D.
type AdaptiveAvgPool1D struct {
	Size int // of the output; 0 means 1
}

// Emit implements graph.Layer.
func (p AdaptiveAvgPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return adaptive(x, 1, listOf(p.Size), mean(x, false))
}

// AdaptiveAvgPool2D returns the mean of each part of an image: (batch, channels, height, width) becomes (batch, channels,
// rows, columns) for any height and width, which are divided as in AdaptiveMaxPool1D.
type AdaptiveAvgPool2D struct {
	Size []int // of the output: one number, or rows and columns; nil means 1
}

// Emit implements graph.Layer.
func (p AdaptiveAvgPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return adaptive(x, 2, p.Size, mean(x, false))
}

// adaptive applies f, a pooling, to parts of the dims spatial dimensions; size is their number.
func adaptive(x graph.Node, dims int, size []int, f func(graph.Node, ...graph.Window) graph.Node) graph.Node {
	bins, x := perDim(spatial(x, dims), "Size", size, dims, 1, 1)
	if x.Err() != nil {
		return x
	}
	windows := make([]graph.Window, dims)
	for i, n := range bins {
		windows[i].Bins = n
	}
	return f(x, windows...)
}
