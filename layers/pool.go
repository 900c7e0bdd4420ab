package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

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
	return channelled(x, func(x graph.Node) graph.Node {
		w := sliding{size: listOf(p.Size), stride: listOf(p.Stride), padding: p.Padding, dilation: listOf(p.Dilation)}
		return pooling(x, 1, w, p.CeilMode, math.Inf(-1), graph.Node.MaxPool)
	})
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
	return pooling(x, 2, sliding{size: p.Size, stride: p.Stride, padding: p.Padding, dilation: p.Dilation}, p.CeilMode, math.Inf(-1), graph.Node.MaxPool)
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
	return channelled(x, func(x graph.Node) graph.Node {
		w := sliding{size: listOf(p.Size), stride: listOf(p.Stride), padding: p.Padding, dilation: listOf(p.Dilation)}
		return pooling(x, 1, w, p.CeilMode, 0, mean(x, p.IgnorePadding))
	})
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
	return pooling(x, 2, sliding{size: p.Size, stride: p.Stride, padding: p.Padding, dilation: p.Dilation}, p.CeilMode, 0, mean(x, p.IgnorePadding))
}

// mean returns average pooling of x as a function of x, with zeros for what its mask leaves out, and of its windows.
func mean(x graph.Node, ignorePadding bool) func(graph.Node, ...graph.Window) graph.Node {
	valid, _, ok := x.Valid()
	if !ok || !ignorePadding {
		return func(x graph.Node, w ...graph.Window) graph.Node { return x.AvgPool(!ignorePadding, w...) }
	}
	return func(x graph.Node, w ...graph.Window) graph.Node {
		fraction := valid.AvgPool(true, w...) // of the window that is valid
		return x.AvgPool(true, w...).Div(fraction.Add(fraction.Sign().Neg().Shift(1)))
	}
}

// pooling applies f, a pooling that ignores elements of the value fill, over dims spatial dimensions.
func pooling(x graph.Node, dims int, w sliding, ceil bool, fill float64, f func(graph.Node, ...graph.Window) graph.Node) graph.Node {
	w.name = "Size"
	if len(w.size) == 0 {
		w.size = []int{2}
	}
	if len(w.stride) == 0 {
		w.stride = w.size
	}
	if _, _, ok := x.Valid(); ok && ceil {
		return x.Errorf("CeilMode: got true for a sequence with a mask, want false: the number of positions depends on the length")
	}
	y := windowed(x, w, dims, fill, func(x graph.Node) graph.Node {
		windows, x := w.windows(x, dims)
		if x.Err() != nil {
			return x
		}
		for i := range windows {
			windows[i].Ceil = ceil
		}
		return f(x, windows...)
	})
	return y.FillPadding(0) // a window of padding may have fill
}

// GlobalMaxPool returns the largest element of each channel: (batch, channels, space...) becomes (batch, channels). A sequence with
// a mask, (batch, time, features), becomes (batch, features): the largest elements of its valid steps, 0 if it has none.
type GlobalMaxPool struct{}

// Emit implements graph.Layer.
func (GlobalMaxPool) Emit(s *graph.Scope, x graph.Node) graph.Node {
	valid, time, ok := x.Valid()
	y := overSpace(x.FillPadding(math.Inf(-1)), graph.Node.Max)
	if !ok || y.Err() != nil {
		return y
	}
	some := valid.Max(time).Reshape(y.Dim(0), 1)
	return y.Where(some, s.Scalar(0))
}

// GlobalAvgPool returns the mean of each channel: (batch, channels, space...) becomes (batch, channels). A sequence with a mask,
// (batch, time, features), becomes (batch, features): the mean over its valid steps, 0 if it has none.
type GlobalAvgPool struct{}

// Emit implements graph.Layer.
func (GlobalAvgPool) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if _, _, ok := x.Valid(); !ok {
		return overSpace(x, graph.Node.Mean)
	}
	return overSpace(x, func(x graph.Node, axes ...int) graph.Node {
		y, _, _ := moments(x, axes...)
		return y.Reshape(y.Dim(0), -1)
	})
}

// overSpace reduces all spatial dimensions by f.
func overSpace(x graph.Node, f func(x graph.Node, axes ...int) graph.Node) graph.Node {
	if x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	return channelled(x, func(x graph.Node) graph.Node {
		if _, _, ok := x.Valid(); !ok {
			return f(x.Reshape(x.Dim(0), x.Dim(1), -1), 2)
		}
		var axes []int
		for a := 2; a < x.Rank(); a++ {
			axes = append(axes, a)
		}
		return f(x, axes...)
	})
}
