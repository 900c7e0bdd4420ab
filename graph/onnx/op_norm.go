package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
)

// batchNormalization uses the running statistics. In training it uses the batch's statistics and updates the running ones,
// if these are initializers and so states of the layer. A node in training mode always uses the batch's, and its file computes the inputs
// from the batch too, since it has no running ones.
func batchNormalization(c *call) []*value {
	always := c.int("training_mode", 0) != 0 || c.opset < 14 && slices.ContainsFunc(c.node.Outputs[1:], func(name string) bool { return name != "" })
	if v := c.value(3); c.err == nil && always && (v.tensor != nil || v.numbers != nil) || c.int("spatial", 1) == 0 {
		return nodes(c.fail("got training mode with running statistics, or spatial 0, want inference and spatial 1"))
	}
	x := c.x(0)
	if x.Err() == nil && x.Rank() < 2 {
		return nodes(c.fail("got shape %v, want (batch, channels, spatial dimensions...)", x.Shape()))
	}
	for i := 1; i <= 4; i++ {
		c.perChannel(i, x)
	}
	if c.err != nil {
		return nil
	}
	mean, variance := c.x(3), c.x(4)
	if always {
		mean, variance = moments(x)
	} else if t, u := c.value(3).tensor, c.value(4).tensor; c.s.Training() && t != nil && u != nil {
		if !c.looped {
			mean, variance = c.batchStatistics(x, mean, variance)
		} else if learns(c.s) {
			return nodes(c.fail("got a loop that computes a part of the batch at each step, want the whole batch at once for its statistics: " + wantOpen))
		}
	}
	of := func(n graph.Node) graph.Node { return channels(n, x) }
	return nodes(x.Normalize(of(mean), of(variance), c.float("epsilon", 1e-5), of(c.x(1)), of(c.x(2))))
}

// batchStatistics returns the mean and the variance of the batch, and updates the running statistics with them.
func (c *call) batchStatistics(x, mean, variance graph.Node) (graph.Node, graph.Node) {
	m, v := moments(x)
	if n := float64(tensors.Size(x.Shape()) / x.Dim(1)); n > 1 {
		keep := c.float("momentum", 0.9)
		c.s.Update(mean, mean.Scale(keep).Add(m.Scale(1-keep)))
		c.s.Update(variance, variance.Scale(keep).Add(v.Scale((1-keep)*n/(n-1))))
	}
	return m, v
}

// moments returns the mean and the variance of each channel.
func moments(x graph.Node) (mean, variance graph.Node) {
	m, v := x.Reshape(x.Dim(0), x.Dim(1), -1).Moments(0, 2)
	return m.Reshape(x.Dim(1)), v.Reshape(x.Dim(1))
}

// instanceNormalization normalizes each channel of each sample to mean 0 and variance 1, then applies scale and bias.
func instanceNormalization(c *call) []*value {
	x := c.x(0)
	if x.Err() == nil && x.Rank() < 3 {
		return nodes(c.fail("got shape %v, want (batch, channels, spatial dimensions...)", x.Shape()))
	}
	mean, variance := x.Moments(span(2, x.Rank())...)
	return nodes(x.Normalize(mean, variance, c.float("epsilon", 1e-5), c.perChannel(1, x), c.perChannel(2, x)))
}

// layerNormalization normalizes over the dimensions from axis on to mean 0 and variance 1, then applies scale and bias.
func layerNormalization(c *call) []*value {
	x := c.x(0)
	axis := c.int("axis", -1)
	if axis < 0 {
		axis += x.Rank()
	}
	if x.Err() != nil || axis < 0 || axis >= x.Rank() {
		return nodes(c.fail("attribute axis: got %d for shape %v, want one of its axes", axis, x.Shape()))
	}
	var bias graph.Node
	if c.has(2) {
		bias = c.x(2)
	}
	mean, variance := x.Moments(span(axis, x.Rank())...)
	return nodes(x.Normalize(mean, variance, c.float("epsilon", 1e-5), c.x(1), bias))
}

// kept reduces axes by f and keeps them with size 1.
func kept(x graph.Node, axes []int, f func(x graph.Node, axes ...int) graph.Node) graph.Node {
	if x.Err() != nil {
		return x
	}
	s := x.Shape()
	for _, a := range axes {
		s[a] = 1
	}
	return f(x, axes...).Reshape(s...)
}

func smallest(x graph.Node, axes ...int) graph.Node { return x.Neg().Max(axes...).Neg() }

// reduction returns an operator that reduces the axes given by an attribute or an input, default all.
func reduction(f func(x graph.Node, axes ...int) graph.Node) operator {
	return operator{least: 1, most: 2, attributes: "axes keepdims noop_with_empty_axes", emit: func(c *call) []*value {
		x := c.x(0)
		axes, ok := c.axes(1, x.Rank())
		switch {
		case !ok || c.err != nil:
			return nil
		case x.Rank() == 0 || len(axes) == 0 && c.int("noop_with_empty_axes", 0) != 0: // each element alone: to its square, for example
			return nodes(f(x.Expand(-1), x.Rank()))
		case len(axes) == 0:
			axes = span(0, x.Rank())
		}
		if c.int("keepdims", 1) != 0 {
			return nodes(kept(x, axes, f))
		}
		return nodes(f(x, axes...))
	}}
}

// axes returns the axes in input i or else the attribute axes, for a tensor of the given rank: sorted and from 0 on. It
// reports whether they are valid.
func (c *call) axes(i, rank int) ([]int, bool) {
	list := slices.Clone(c.ints("axes"))
	if c.has(i) {
		list = c.sizes(i)
	}
	for k, a := range list {
		if a < 0 {
			list[k] += rank
		}
		if list[k] < 0 || list[k] >= rank {
			c.fail("axes: got %d, want -%d to %d", a, rank, rank-1)
			return nil, false
		}
	}
	slices.Sort(list)
	if len(slices.Compact(slices.Clone(list))) != len(list) {
		c.fail("axes: got %v, want each axis once", list)
		return nil, false
	}
	return list, c.err == nil
}
