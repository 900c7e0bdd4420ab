package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A node with a mask is a sequence, (batch, time, features), see graph.Node.Mask. Layers that have the channels before the space,
// (batch, channels, length), take its features as channels.

// channelled applies f, a layer of (batch, channels, space...), to a sequence with its features as channels, and to any other node
// as it is.
func channelled(x graph.Node, f func(x graph.Node) graph.Node) graph.Node {
	if _, ok := x.Mask(); !ok || x.Rank() < 3 {
		return f(x)
	}
	y := f(x.SwapAxes(1, 2))
	if y.Rank() < 3 {
		return y
	}
	return y.SwapAxes(1, 2)
}

// summed returns x with zeros in the padding if the time is the given axis, along which a layer sums or merges.
func summed(x graph.Node, axis int) graph.Node {
	if _, time, ok := x.Valid(); ok && time == axis {
		return x.FillPadding(0)
	}
	return x
}

// moments returns the mean and the variance over the given axes, which stay with size 1, and the number of elements that they are
// over. Padding is left out; n is the zero Node if there is none.
func moments(x graph.Node, axes ...int) (mean, variance, n graph.Node) {
	valid, time, ok := x.Valid()
	kept, over, each := x.Shape(), false, 1.0
	for _, a := range axes {
		over = over || ok && (a == 0 || a == time)
		if a != 0 && a != time {
			each *= float64(kept[a])
		}
		kept[a] = 1
	}
	if !over {
		mean, variance = x.Moments(axes...)
		return mean, variance, n
	}
	n = valid.Sum(axes...).Reshape(countShape(valid, axes)...).Scale(each)
	mean2 := func(y graph.Node) graph.Node {
		return y.FillPadding(0).Sum(axes...).Reshape(kept...).Div(n.Clip(1, math.Inf(1)))
	}
	mean = mean2(x)
	return mean, mean2(x.Sub(mean).Square()), n
}

// countShape returns the shape of a mask that broadcasts to x after a sum over the axes.
func countShape(valid graph.Node, axes []int) []int {
	s := valid.Shape()
	for _, a := range axes {
		s[a] = 1
	}
	return s
}

// windowed applies f, which moves a window over the spatial dimensions of x, (batch, channels, space...), to x with the value fill in
// the padding. The result has a mask: a position is valid if its window, without the Padding setting, begins and ends in valid steps,
// so that a sequence has the same positions whatever padding follows.
func windowed(x graph.Node, l sliding, dims int, fill float64, f func(x graph.Node) graph.Node) graph.Node {
	valid, time, ok := x.Valid()
	if !ok || time < 2 || x.Rank() != 2+dims {
		return f(x) // whose check of the shape finds a mask
	}
	y := x.FillPadding(fill).Masked(graph.Node{})
	windows, y := l.windows(y, dims)
	if y.Err() != nil {
		return y
	}
	w := windows[time-2]
	if l.padding.mode == padSame && w.Stride > 1 {
		return x.Errorf("Padding: got Same with stride %d for a sequence with a mask, want Valid, Causal, Pad, or stride 1: the zeros of Same depend on the length", w.Stride)
	}
	if y = f(y); y.Err() != nil {
		return y
	}
	mask := valid.Reshape(valid.Dim(0), valid.Dim(time))
	return y.Masked(positions(mask, w, y.Dim(time)), time)
}

// positions returns the mask of the positions of a window that moves over the steps of a mask, (batch, time).
func positions(mask graph.Node, w graph.Window, n int) graph.Node {
	return every(mask, 0, w.Stride, n).Mul(every(mask, extentOf(w)-1-w.Before-w.After, w.Stride, n))
}

// every returns n steps of a mask, (batch, time), from the given one in distances of stride. Steps before the first are as that, and
// those behind the last are padding.
func every(mask graph.Node, from, stride, n int) graph.Node {
	if from < 0 {
		mask = graph.Concat(1, mask.Slice(1, 0, 1).BroadcastTo(mask.Dim(0), -from), mask)
		from = 0
	}
	if short := from + (n-1)*stride + 1 - mask.Dim(1); short > 0 {
		mask = mask.Pad(1, 0, short)
	}
	mask = mask.Slice(1, from, from+(n-1)*stride+1)
	if stride == 1 {
		return mask
	}
	return mask.Expand(1).MaxPool(graph.Window{Size: 1, Stride: stride}).Reshape(mask.Dim(0), n)
}

// unmasked returns x, with an error if it has a mask, which the layer cannot honour.
func unmasked(x graph.Node) graph.Node {
	if _, time, ok := x.Valid(); ok {
		return x.Errorf("got shape %v with a mask along axis %d, want a node without one: this layer would mix padding in; Masked(graph.Node{}) removes a mask",
			x.Shape(), time)
	}
	return x
}
