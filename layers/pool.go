package layers

import "github.com/nndiy/nndiy/graph"

// MaxPool1D takes the largest element of each place of a window: (batch, channels, length) becomes (batch, channels,
// places). Padding is never the largest.
type MaxPool1D struct {
	Size    int     // of the window; 0 is 2
	Stride  int     // 0 is Size
	Padding Padding // zero is Valid; or Same, Pad
}

// Emit implements graph.Layer.
func (p MaxPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, list(p.Size), list(p.Stride), p.Padding, graph.Node.MaxPool)
}

// MaxPool2D takes the largest element of each place of a window: (batch, channels, height, width) becomes (batch, channels,
// rows, columns) of places. Padding is never the largest.
type MaxPool2D struct {
	Size    []int   // of the window: one number, or height and width; nil is 2
	Stride  []int   // nil is Size
	Padding Padding // zero is Valid; or Same, Pad
}

// Emit implements graph.Layer.
func (p MaxPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, p.Size, p.Stride, p.Padding, graph.Node.MaxPool)
}

// AvgPool1D takes the mean of each place of a window: (batch, channels, length) becomes (batch, channels, places).
type AvgPool1D struct {
	Size          int     // of the window; 0 is 2
	Stride        int     // 0 is Size
	Padding       Padding // zero is Valid; or Same, Pad
	IgnorePadding bool    // divide by the number of elements without the padding
}

// Emit implements graph.Layer.
func (p AvgPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, list(p.Size), list(p.Stride), p.Padding, mean(p.IgnorePadding))
}

// AvgPool2D takes the mean of each place of a window: (batch, channels, height, width) becomes (batch, channels, rows,
// columns) of places.
type AvgPool2D struct {
	Size          []int   // of the window: one number, or height and width; nil is 2
	Stride        []int   // nil is Size
	Padding       Padding // zero is Valid; or Same, Pad
	IgnorePadding bool    // divide by the number of elements without the padding
}

// Emit implements graph.Layer.
func (p AvgPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, p.Size, p.Stride, p.Padding, mean(p.IgnorePadding))
}

func mean(ignorePadding bool) func(graph.Node, ...graph.Window) graph.Node {
	return func(x graph.Node, w ...graph.Window) graph.Node { return x.AvgPool(!ignorePadding, w...) }
}

// pooling applies a pooling with the given settings.
func pooling(x graph.Node, dims int, size, stride []int, p Padding, f func(graph.Node, ...graph.Window) graph.Node) graph.Node {
	if len(size) == 0 {
		size = []int{2}
	}
	if len(stride) == 0 {
		stride = size
	}
	windows, x := sliding{name: "Size", size: size, stride: stride, padding: p}.windows(x, dims)
	if x.Err() != nil {
		return x
	}
	return f(x, windows...)
}

// GlobalMaxPool takes the largest element of each channel: (batch, channels, space...) becomes (batch, channels).
type GlobalMaxPool struct{}

// Emit implements graph.Layer.
func (GlobalMaxPool) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSpace(x, graph.Node.Max)
}

// GlobalAvgPool takes the mean of each channel: (batch, channels, space...) becomes (batch, channels).
type GlobalAvgPool struct{}

// Emit implements graph.Layer.
func (GlobalAvgPool) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSpace(x, graph.Node.Mean)
}

// overSpace applies a reduction to all dimensions behind the channels.
func overSpace(x graph.Node, f func(x graph.Node, axes ...int) graph.Node) graph.Node {
	if x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	return f(x.Reshape(x.Dim(0), x.Dim(1), -1), 2)
}
