package layers

import "github.com/nndiy/nndiy/graph"

// MaxPool1D returns the largest element in each position of a window: (batch, channels, length) becomes (batch, channels,
// positions), as in Conv1D. Padding is ignored.
type MaxPool1D struct {
	Size     int     // of the window; 0 means 2
	Stride   int     // 0 means Size
	Padding  Padding // Valid, Same or Pad; the zero value is Valid
	Dilation int     // distance between the window's elements; 0 means 1
	CeilMode bool    // round the number of positions up: the last window may reach beyond the padding, but must begin before it
}

// Emit implements graph.Layer.
func (p MaxPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, sliding{size: listOf(p.Size), stride: listOf(p.Stride), padding: p.Padding, dilation: listOf(p.Dilation)}, p.CeilMode, graph.Node.MaxPool)
}

// MaxPool2D returns the largest element in each position of a window: (batch, channels, height, width) becomes (batch,
// channels, rows, columns), with sizes as in Conv1D. Padding is ignored.
type MaxPool2D struct {
	Size     []int   // of the window: one number, or height and width; nil means 2
	Stride   []int   // one number, or vertical and horizontal; nil means Size
	Padding  Padding // Valid, Same or Pad; the zero value is Valid
	Dilation []int   // distance between the window's elements: one number, or vertical and horizontal; nil means 1
	CeilMode bool    // as in MaxPool1D
}

// Emit implements graph.Layer.
func (p MaxPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, sliding{size: p.Size, stride: p.Stride, padding: p.Padding, dilation: p.Dilation}, p.CeilMode, graph.Node.MaxPool)
}

// AvgPool1D returns the mean in each position of a window: (batch, channels, length) becomes (batch, channels, positions), as
// in Conv1D.
type AvgPool1D struct {
	Size          int     // of the window; 0 means 2
	Stride        int     // 0 means Size
	Padding       Padding // Valid, Same or Pad; the zero value is Valid
	Dilation      int     // distance between the window's elements; 0 means 1
	CeilMode      bool    // as in MaxPool1D; elements beyond the padding do not count
	IgnorePadding bool    // divide by the number of elements that are not padding
}

// Emit implements graph.Layer.
func (p AvgPool1D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 1, sliding{size: listOf(p.Size), stride: listOf(p.Stride), padding: p.Padding, dilation: listOf(p.Dilation)}, p.CeilMode, mean(p.IgnorePadding))
}

// AvgPool2D returns the mean in each position of a window: (batch, channels, height, width) becomes (batch, channels, rows,
// columns), with sizes as in Conv1D.
type AvgPool2D struct {
	Size          []int   // of the window: one number, or height and width; nil means 2
	Stride        []int   // one number, or vertical and horizontal; nil means Size
	Padding       Padding // Valid, Same or Pad; the zero value is Valid
	Dilation      []int   // distance between the window's elements: one number, or vertical and horizontal; nil means 1
	CeilMode      bool    // as in MaxPool1D; elements beyond the padding do not count
	IgnorePadding bool    // divide by the number of elements that are not padding
}

// Emit implements graph.Layer.
func (p AvgPool2D) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return pooling(x, 2, sliding{size: p.Size, stride: p.Stride, padding: p.Padding, dilation: p.Dilation}, p.CeilMode, mean(p.IgnorePadding))
}

// mean returns average pooling as a function of a node and its windows.
func mean(ignorePadding bool) func(graph.Node, ...graph.Window) graph.Node {
	return func(x graph.Node, w ...graph.Window) graph.Node { return x.AvgPool(!ignorePadding, w...) }
}

// pooling applies f, a pooling, over dims spatial dimensions.
func pooling(x graph.Node, dims int, w sliding, ceil bool, f func(graph.Node, ...graph.Window) graph.Node) graph.Node {
	w.name = "Size"
	if len(w.size) == 0 {
		w.size = []int{2}
	}
	if len(w.stride) == 0 {
		w.stride = w.size
	}
	windows, x := w.windows(x, dims)
	if x.Err() != nil {
		return x
	}
	for i := range windows {
		windows[i].Ceil = ceil
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
