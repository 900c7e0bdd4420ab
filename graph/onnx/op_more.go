package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

func sumOfSquares(x graph.Node, axes ...int) graph.Node { return x.Square().Sum(axes...) }
func logOfSum(x graph.Node, axes ...int) graph.Node     { return x.Sum(axes...).Log() }
func tan(x graph.Node) graph.Node                       { return x.Sin().Div(x.Cos()) }

// mean is Mean: that of several tensors.
func mean(c *call) []*value {
	y := several(graph.Node.Add).emit(c)
	if c.err != nil {
		return nil
	}
	return nodes(y[0].node.Scale(1 / float64(len(c.node.Inputs))))
}

// shrink moves numbers by bias towards 0, and those of at most lambd, and NaN, to it. With lambd below 0, the first condition decides
// for numbers that meet both.
func shrink(c *call, x graph.Node) graph.Node {
	bias, limit, zero := c.float("bias", 0), c.float("lambd", 0.5), c.s.Scalar(0)
	y := x.Shift(-bias).Where(x.Greater(c.s.Scalar(limit)), zero)
	return x.Shift(bias).Where(x.Neg().Greater(c.s.Scalar(limit)), y)
}

func thresholdedRelu(c *call, x graph.Node) graph.Node {
	return x.Where(x.Greater(c.s.Scalar(c.float("alpha", 1))), c.s.Scalar(0))
}

// lrn divides by a power of a mean of squares over neighbouring channels.
func lrn(c *call, x graph.Node) graph.Node {
	size := c.int("size", 0)
	if x.Err() == nil && (x.Rank() < 2 || size < 1 || size > maxSizes) {
		return c.fail("got shape %v and size %d, want (batch, channels, ...) and a size from 1 to %d", x.Shape(), size, maxSizes)
	}
	if x.Err() != nil {
		return x
	}
	squares := x.Square().Pad(1, (size-1)/2, size/2)
	sum := squares.Slice(1, 0, x.Dim(1))
	for k := 1; k < size; k++ {
		sum = sum.Add(squares.Slice(1, k, k+x.Dim(1)))
	}
	return x.Div(sum.Scale(c.float("alpha", 1e-4) / float64(size)).Shift(c.float("bias", 1)).PowScalar(c.float("beta", 0.75)))
}

// groupNormalization normalizes groups of channels. Before opset 21, scale and bias have a number for each group.
func groupNormalization(c *call) []*value {
	x, groups := c.x(0), c.int("num_groups", 0)
	if x.Err() == nil && (x.Rank() < 2 || groups < 1 || x.Dim(1)%groups != 0) {
		return nodes(c.fail("got shape %v and num_groups %d, want (batch, channels, ...) and groups that divide the channels", x.Shape(), groups))
	}
	if c.err != nil {
		return nil
	}
	each := x.Dim(1) / groups
	grouped := x.Reshape(x.Dim(0), groups, each, -1)
	mean, variance := grouped.Moments(2, 3)
	y := grouped.Normalize(mean, variance, c.float("epsilon", 1e-5), graph.Node{}, graph.Node{})
	affine := func(i int) graph.Node {
		v := c.x(i)
		switch {
		case v.Err() != nil:
			return v
		case c.opset < 21 && slices.Equal(v.Shape(), []int{groups}):
			return v.Reshape(groups, 1, 1)
		case c.opset >= 21 && slices.Equal(v.Shape(), []int{x.Dim(1)}):
			return v.Reshape(groups, each, 1)
		}
		return c.fail("input %d: got shape %v, want one number for each group, or from opset 21 on for each of %d channels", i+1, v.Shape(), x.Dim(1))
	}
	return nodes(y.Mul(affine(1)).Add(affine(2)).Reshape(x.Shape()...))
}

// meanVariance subtracts the mean over some axes, and divides by the standard deviation.
func meanVariance(c *call, x graph.Node) graph.Node {
	axes, ok := []int{0, 2, 3}, true
	if c.ints("axes") != nil {
		axes, ok = c.axes(1, x.Rank())
	}
	if !ok || x.Err() != nil || slices.Max(axes) >= x.Rank() {
		return c.fail("attribute axes: got %v for shape %v, want some of its axes", axes, x.Shape())
	}
	off := x.Sub(kept(x, axes, graph.Node.Mean))
	return off.Div(kept(off.Square(), axes, graph.Node.Mean).Shift(1e-18).Sqrt())
}

// lpNormalization divides by a norm along an axis; zeros stay.
func lpNormalization(c *call, x graph.Node) graph.Node {
	axis, p := c.axis(x, -1), c.int("p", 2)
	if c.err == nil && p != 1 && p != 2 {
		return c.fail("attribute p: got %d, want 1 or 2", p)
	}
	if c.err != nil || x.Err() != nil {
		return x
	}
	norm := kept(x, []int{axis}, func(x graph.Node, axes ...int) graph.Node { return x.PNorm(float64(p), axes...) })
	return x.Div(norm.Maximum(c.s.Scalar(1.2e-38)))
}
