package onnx

import "github.com/nndiy/nndiy/graph"

func maxPool(c *call) []*value {
	x := c.x(0)
	windows, ok := c.pooling(x)
	if !ok {
		return nil
	}
	return nodes(pool(x, windows, graph.Node.MaxPool))
}

func averagePool(c *call) []*value {
	x := c.x(0)
	windows, ok := c.pooling(x)
	if !ok {
		return nil
	}
	padded := c.int("count_include_pad", 0) != 0
	return nodes(pool(x, windows, func(x graph.Node, w ...graph.Window) graph.Node { return x.AvgPool(padded, w...) }))
}

// pool pools over one to three spatial dimensions.
func pool(x graph.Node, windows []graph.Window, f func(x graph.Node, w ...graph.Window) graph.Node) graph.Node {
	if len(windows) == 3 {
		return poolVolume(x, windows, f)
	}
	return f(x, windows...)
}

// pooling returns the windows over x, without padding at the end that no window reaches.
func (c *call) pooling(x graph.Node) ([]graph.Window, bool) {
	windows, ok := c.windows(x, c.ints("kernel_shape"))
	for i := range windows {
		w := &windows[i]
		w.Ceil = c.int("ceil_mode", 0) != 0
		if rest := x.Dim(2+i) + w.Before + w.After - w.Dilation*(w.Size-1) - 1; rest > 0 && !w.Ceil {
			w.After -= min(w.After, rest%w.Stride)
		}
	}
	return windows, ok
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
