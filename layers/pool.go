package layers

import "github.com/nndiy/nndiy/graph"

// MaxPool1D returns the largest element in each position of a window: (batch, channels, length) becomes (batch, channels,
// positions), as in Conv1D. Padding is ignored.
type MaxPool1D struct {
	Size    int     // of the window; 0 means 2
	Stride  int     // 0 means Size
	Padding Padding // Valid, Same or Pad; the zero value is Valid
}

// Emit implements graph.Layer.
func (p MaxPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, listOf(p.Size), listOf(p.Stride), p.Padding, graph.Node.MaxPool)
}

// MaxPool2D returns the largest element in each position of a window: (batch, channels, height, width) becomes (batch,
// channels, rows, columns), with sizes as in Conv1D. Padding is ignored.
type MaxPool2D struct {
	Size    []int   // of the window: one number, or height and width; nil means 2
	Stride  []int   // one number, or vertical and horizontal; nil means Size
	Padding Padding // Valid, Same or Pad; the zero value is Valid
}

// Emit implements graph.Layer.
func (p MaxPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, p.Size, p.Stride, p.Padding, graph.Node.MaxPool)
}

// AvgPool1D returns the mean in each position of a window: (batch, channels, length) becomes (batch, channels, positions), as
// in Conv1D.
type AvgPool1D struct {
	Size          int     // of the window; 0 means 2
	Stride        int     // 0 means Size
	Padding       Padding // Valid, Same or Pad; the zero value is Valid
	IgnorePadding bool    // divide by the number of elements that are not padding
}

// Emit implements graph.Layer.
func (p AvgPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, listOf(p.Size), listOf(p.Stride), p.Padding, mean(p.IgnorePadding))
}

// AvgPool2D returns the mean in each position of a window: (batch, channels, height, width) becomes (batch, channels, rows,
// columns), with sizes as in Conv1D.
type AvgPool2D struct {
	Size          []int   // of the window: one number, or height and width; nil means 2
	Stride        []int   // one number, or vertical and horizontal; nil means Size
	Padding       Padding // Valid, Same or Pad; the zero value is Valid
	IgnorePadding bool    // divide by the number of elements that are not padding
}

// Emit implements graph.Layer.
func (p AvgPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, p.Size, p.Stride, p.Padding, mean(p.IgnorePadding))
}

// mean returns average pooling as a function of a node and its windows.
func mean(ignorePadding bool) func(graph.Node, ...graph.Window) graph.Node {
	return func(x graph.Node, w ...graph.Window) graph.Node { return x.AvgPool(!ignorePadding, w...) }
}

// pooling applies f, a pooling, over dims spatial dimensions.
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

// GlobalMaxPool returns the largest element of each channel: (batch, channels, space...) becomes (batch, channels).
type GlobalMaxPool struct{}

// Emit implements graph.Layer.
func (GlobalMaxPool) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSpace(x, graph.Node.Max)
}

// GlobalAvgPool returns the mean of each channel: (batch, channels, space...) becomes (batch, channels).
type GlobalAvgPool struct{}

// Emit implements graph.Layer.
func (GlobalAvgPool) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return overSpace(x, graph.Node.Mean)
}

// overSpace reduces all spatial dimensions by f.
func overSpace(x graph.Node, f func(x graph.Node, axes ...int) graph.Node) graph.Node {
	if x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	return f(x.Reshape(x.Dim(0), x.Dim(1), -1), 2)
}
