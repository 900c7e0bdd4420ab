package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// gather takes rows of a matrix by numbers that a node has, or parts of any axis by numbers that are known.
func gather(c *call) []*value {
	axis := c.int("axis", 0)
	if !c.hasIntegers(1) {
		index, kind := c.any(1)
		x := c.x(0)
		if kind != integerKind && kind != castKind {
			return nodes(c.fail("input 2: got numbers of another type, want whole numbers"))
		}
		if c.err == nil && (axis != 0 || x.Rank() != 2) {
			return nodes(c.fail("got axis %d of shape %v, want axis 0 of (rows, columns) where the numbers are not constant", axis, x.Shape()))
		}
		return nodes(x.Gather(index))
	}
	index := c.integers(1)
	return c.move(func(shape []int) moving {
		if axis < 0 {
			axis += len(shape)
		}
		if axis < 0 || axis >= len(shape) {
			c.fail("attribute axis: got %d for shape %v", axis, shape)
			return moving{}
		}
		at := make([]int, len(index.data))
		for i, v := range index.data {
			if at[i] = c.size(v); v < 0 {
				at[i] += shape[axis]
			}
			if at[i] < 0 || at[i] >= shape[axis] {
				c.fail("got number %d of an axis of %d elements", v, shape[axis])
				return moving{}
			}
		}
		to := slices.Concat(shape[:axis], index.shape, shape[axis+1:])
		return moving{
			node: func(x graph.Node) graph.Node {
				if len(at) > mostSlices {
					return c.gatherRows(x, axis, at).Reshape(to...)
				}
				parts := make([]graph.Node, len(at))
				for i, n := range at {
					parts[i] = x.Slice(axis, n, n+1)
				}
				if len(parts) == 0 {
					return c.fail("got no numbers")
				}
				return graph.Concat(axis, parts...).Reshape(to...)
			},
			integers: func(w *integers) *integers {
				by, inner := strides(w.shape), strides(index.shape)
				return c.pick(w, to, func(place []int) int {
					n := at[dot(place[axis:axis+len(inner)], inner)] * by[axis]
					n += dot(place[:axis], by[:axis])
					return n + dot(place[axis+len(inner):], by[axis+1:])
				})
			},
		}
	})
}

// mostSlices is how many parts are taken each by an operation of its own.
const mostSlices = 16

// gatherRows takes parts of an axis by two operations, however many they are, and two to turn the axis to the front and back.
func (c *call) gatherRows(x graph.Node, axis int, at []int) graph.Node {
	switch {
	case x.Err() != nil:
		return x
	case !c.spend(len(at)):
		return c.input.Errorf("%w", c.err)
	}
	front, back := span(0, x.Rank()), span(0, x.Rank())
	copy(front[1:], span(0, axis))
	copy(back, span(1, axis+1))
	front[0], back[axis] = axis, 0
	turned := x.Transpose(front...)
	shape := turned.Shape()
	index := c.s.Table(func(i int) float64 { return float64(at[i]) }, len(at))
	shape[0] = len(at)
	return turned.Reshape(turned.Dim(0), -1).Gather(index).Reshape(shape...).Transpose(back...)
}

// oneHot takes the values 0 and 1, and puts the new axis at the end.
func oneHot(c *call) []*value {
	x, kind := c.any(0)
	depth := c.integers(1)
	values, ok := c.numbers(2)
	switch {
	case c.err != nil:
		return nil
	case kind != integerKind && kind != castKind:
		c.fail("input 1: want whole numbers")
	case len(depth.data) != 1 || depth.data[0] < 1 || depth.data[0] > maxDim:
		c.fail("input 2: got %v, want one number of 1 or more", depth.data)
	case !ok || !slices.Equal(values, []float64{0, 1}):
		c.fail("input 3: want 0 and 1")
	case c.int("axis", -1) != -1 && c.int("axis", -1) != x.Rank():
		c.fail("attribute axis: got %d, want -1", c.int("axis", -1))
	default:
		return nodes(x.OneHot(int(depth.data[0])))
	}
	return nil
}
