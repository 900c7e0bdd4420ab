package onnx

import "github.com/nndiy/nndiy/graph"

func maxPool(c *call) []*value {
	x := c.x(0)
	windows, ok := c.pooling(x)
	if !ok {
		return nil
	}
	if c.int("ceil_mode", 0) != 0 { // padding is never the maximum, so more padding changes nothing
		for i := range windows {
			windows[i].After += c.missing(windows[i], x.Dim(2+i))
		}
	}
	return nodes(x.MaxPool(windows...))
}

func averagePool(c *call) []*value {
	x := c.x(0)
	windows, ok := c.pooling(x)
	if !ok {
		return nil
	}
	if c.int("ceil_mode", 0) != 0 {
		for i := range windows {
			if c.missing(windows[i], x.Dim(2+i)) > 0 {
				return nodes(c.fail("attribute ceil_mode: got 1 for windows that reach beyond shape %v, want 0", x.Shape()))
			}
		}
	}
	return nodes(x.AvgPool(c.int("count_include_pad", 0) != 0, windows...))
}

// pooling returns the windows over x, without padding at the end that no window reaches.
func (c *call) pooling(x graph.Node) ([]graph.Window, bool) {
	windows, ok := c.windows(x, c.ints("kernel_shape"))
	for i := range windows {
		w := &windows[i]
		if rest := x.Dim(2+i) + w.Before + w.After - w.Dilation*(w.Size-1) - 1; rest > 0 && c.int("ceil_mode", 0) == 0 {
			w.After -= min(w.After, rest%w.Stride)
		}
	}
	return windows, ok
}

// missing returns how many elements the last window lacks if the number of windows is rounded up (ceil_mode). A window that
// begins after the elements does not count.
func (c *call) missing(w graph.Window, n int) int {
	extent := w.Dilation*(w.Size-1) + 1
	rest := n + w.Before + w.After - extent
	if rest < 0 || rest%w.Stride == 0 {
		return 0
	}
	last := (rest/w.Stride + 1) * w.Stride // start of the last window
	if last >= n+w.Before {
		return 0
	}
	return w.Stride - rest%w.Stride
}

func globalAverage(x graph.Node) graph.Node { return overSpace(x, graph.Node.Mean) }
func globalMax(x graph.Node) graph.Node     { return overSpace(x, graph.Node.Max) }

// overSpace reduces each spatial dimension to 1.
func overSpace(x graph.Node, f func(x graph.Node, axes ...int) graph.Node) graph.Node {
	if x.Err() == nil && x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, spatial dimensions...)", x.Shape())
	}
	if x.Err() != nil {
		return x
	}
	s := x.Shape()
	for i := range s[2:] {
		s[2+i] = 1
	}
	return f(x.Reshape(x.Dim(0), x.Dim(1), -1), 2).Reshape(s...)
}
