package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// windows returns the windows over x's spatial dimensions from the attributes; size is the size of the window.
func (c *call) windows(x graph.Node, size []int) ([]graph.Window, bool) {
	dims := x.Rank() - 2
	if x.Err() != nil || dims < 1 || dims > 3 || len(size) != dims {
		c.fail("got shape %v and a window of %d dimensions, want (batch, channels) and as many, at most 3", x.Shape(), len(size))
		return nil, false
	}
	if k := c.ints("kernel_shape"); k != nil && !slices.Equal(k, size) {
		c.fail("attribute kernel_shape: got %v, want %v", k, size)
		return nil, false
	}
	steps, ok := c.each("strides", dims, 1, 1)
	dilations, ok2 := c.each("dilations", dims, 1, 1)
	pads, ok3 := c.each("pads", 2*dims, 0, 0)
	if !ok || !ok2 || !ok3 {
		return nil, false
	}
	list := make([]graph.Window, dims)
	for i := range list {
		w := graph.Window{Size: size[i], Stride: steps[i], Dilation: dilations[i], Before: pads[i], After: pads[dims+i]}
		if w.Size < 1 || w.Size > maxDim/dilations[i] {
			c.fail("got a window of %d elements, %d apart, want 1 or more and at most %d in all", w.Size, w.Dilation, maxDim)
			return nil, false
		}
		if w.Before, w.After, ok = c.padding(w, x.Dim(2+i)); !ok {
			return nil, false
		}
		list[i] = w
	}
	return list, true
}

// each returns an attribute that is a list of n numbers, each at least least; if it is not there, n times otherwise.
func (c *call) each(name string, n, least, otherwise int) ([]int, bool) {
	list := c.ints(name)
	if list == nil {
		return slices.Repeat([]int{otherwise}, n), c.err == nil
	}
	if len(list) != n || slices.Min(list) < least {
		c.fail("attribute %s: got %v, want %d numbers of %d or more", name, list, n, least)
		return nil, false
	}
	return list, true
}

// padding returns the padding of a window over n elements.
func (c *call) padding(w graph.Window, n int) (before, after int, ok bool) {
	switch mode := c.string("auto_pad", "NOTSET"); mode {
	case "NOTSET":
		return w.Before, w.After, true
	case "VALID":
		return 0, 0, true
	case "SAME_UPPER", "SAME_LOWER": // n / stride windows, rounded up
		windows := (n + w.Stride - 1) / w.Stride
		all := max(0, (windows-1)*w.Stride+w.Dilation*(w.Size-1)+1-n)
		if mode == "SAME_LOWER" {
			return all - all/2, all / 2, true
		}
		return all / 2, all - all/2, true
	default:
		c.fail("attribute auto_pad: got %.16q, want NOTSET, VALID, SAME_UPPER or SAME_LOWER", mode)
		return 0, 0, false
	}
}

// weights returns the weights of a convolution and its windows. Their Size is 0, so graph takes it from the weights.
func (c *call) weights(x graph.Node) (graph.Node, []graph.Window, bool) {
	w := c.x(1)
	if w.Err() != nil || w.Rank() < 3 {
		c.fail("got weights of shape %v, want (out, in, size...)", w.Shape())
		return w, nil, false
	}
	list, ok := c.windows(x, w.Shape()[2:])
	for i := range list {
		list[i].Size = 0
	}
	return w, list, ok
}

// bias adds input 3, one number per channel, if there is one.
func (c *call) bias(y graph.Node) []*value {
	if !c.has(2) || y.Err() != nil {
		return nodes(y)
	}
	return nodes(y.Add(c.perChannel(2, y)))
}

// perChannel returns input i, which must be a vector of one number per channel, in a shape that broadcasts along dimension 1
// of y.
func (c *call) perChannel(i int, y graph.Node) graph.Node {
	v := c.x(i)
	if v.Err() == nil && !slices.Equal(v.Shape(), []int{y.Dim(1)}) {
		return c.fail("input %d: got shape %v, want [%d], one number per channel", i+1, v.Shape(), y.Dim(1))
	}
	return channels(v, y)
}

// channels reshapes a vector so that it broadcasts along dimension 1 of y.
func channels(v, y graph.Node) graph.Node {
	s := slices.Repeat([]int{1}, max(y.Rank()-1, 1))
	s[0] = v.Dim(0)
	return v.Reshape(s...)
}

func conv(c *call) []*value {
	x := c.x(0)
	w, windows, ok := c.weights(x)
	if !ok {
		return nil
	}
	if len(windows) == 3 {
		return c.bias(convVolume(x, w, c.int("group", 1), windows))
	}
	return c.bias(x.Conv(w, c.int("group", 1), windows...))
}

func convTranspose(c *call) []*value {
	x := c.x(0)
	w, windows, ok := c.weights(x)
	if mode := c.string("auto_pad", "NOTSET"); ok && mode != "NOTSET" && mode != "VALID" {
		c.fail("attribute auto_pad: got %.16q, want NOTSET or VALID", mode)
		return nil
	}
	more, ok2 := c.each("output_padding", len(windows), 0, 0)
	if !ok || !ok2 {
		return nil
	}
	for i := range windows {
		windows[i].Extra = more[i]
	}
	if len(windows) == 3 {
		return c.bias(convTransposeVolume(c.s, x, w, c.int("group", 1), windows))
	}
	return c.bias(x.ConvTranspose(w, c.int("group", 1), windows...))
}
