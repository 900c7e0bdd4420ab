package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// gather takes parts along an axis, by computed or by known indices.
func gather(c *call) []*value {
	axis := c.int("axis", 0)
	if !c.hasIntegers(1) {
		index, kind := c.any(1)
		x := c.x(0)
		if kind != integerKind && kind != castKind {
			return nodes(c.fail("input 2: got floating-point numbers or bools, want integers"))
		}
		if axis < 0 {
			axis += x.Rank()
		}
		if c.err == nil && (axis < 0 || axis >= x.Rank()) {
			return nodes(c.fail("attribute axis: got %d for shape %v, want one of its axes", c.int("axis", 0), x.Shape()))
		}
		if c.err != nil {
			return nil
		}
		return nodes(gatherRows(x, index, axis))
	}
	index := c.integers(1)
	return c.move(func(shape []int) moving {
		if axis < 0 {
			axis += len(shape)
		}
		if axis < 0 || axis >= len(shape) {
			c.fail("attribute axis: got %d for shape %v, want one of its axes", axis, shape)
			return moving{}
		}
		at := make([]int, len(index.data))
		for i, v := range index.data {
			if at[i] = c.size(v); v < 0 {
				at[i] += shape[axis]
			}
			if at[i] < 0 || at[i] >= shape[axis] {
				c.fail("got index %d, want -%d to %d", v, shape[axis], shape[axis]-1)
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
					return c.fail("got no indices, want at least one")
				}
				return graph.Concat(axis, parts...).Reshape(to...)
			},
			integers: func(w *integers) *integers {
				by, inner := strides(w.shape), strides(index.shape)
				return c.pick(w, to, func(pos []int) int {
					n := at[dot(pos[axis:axis+len(inner)], inner)] * by[axis]
					n += dot(pos[:axis], by[:axis])
					return n + dot(pos[axis+len(inner):], by[axis+1:])
				})
			},
		}
	})
}

// mostSlices is the largest number of parts that are taken by an operation each.
const mostSlices = 16

// gatherRows takes any number of parts of an axis: it moves the axis to the front, gathers rows, and moves it back.
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
	moved := x.Transpose(front...)
	shape := moved.Shape()
	index := c.s.Table(func(i int) float64 { return float64(at[i]) }, len(at))
	shape[0] = len(at)
	return moved.Reshape(moved.Dim(0), -1).Gather(index).Reshape(shape...).Transpose(back...)
}

// oneHot supports only the values 0 and 1 and a new last axis.
func oneHot(c *call) []*value {
	x, kind := c.any(0)
	depth, _ := c.known64(1)
	values, result := c.known64(2)
	switch {
	case c.err != nil:
		return nil
	case kind != integerKind && kind != castKind:
		c.fail("input 1: got floating-point numbers or bools, want integers")
	case len(depth) != 1 || !(depth[0] >= 1 && depth[0] <= maxDim) || depth[0] != math.Trunc(depth[0]):
		c.fail("input 2: got %v, want one constant integer from 1 to %d", depth, maxDim)
	case !slices.Equal(values, []float64{0, 1}):
		c.fail("input 3: got %v, want constants 0 and 1", values)
	case c.int("axis", -1) != -1 && c.int("axis", -1) != x.Rank():
		c.fail("attribute axis: got %d, want -1", c.int("axis", -1))
	default:
		return []*value{{node: x.OneHot(int(depth[0])), made: true, kind: result}}
	}
	return nil
}

// gatherRows takes parts along an axis by computed indices: rows of the matrix in which that axis is the first one.
func gatherRows(x, index graph.Node, axis int) graph.Node {
	if axis == 0 && x.Rank() == 2 {
		return x.Gather(index)
	}
	if axis > 0 {
		x = x.Transpose(slices.Insert(slices.Delete(span(0, x.Rank()), axis, axis+1), 0, axis)...)
	}
	rest, k := x.Shape()[1:], index.Rank()
	n, _ := sizeOf(rest, maxElements)
	y := x.Reshape(x.Dim(0), n).Gather(index).Reshape(slices.Concat(index.Shape(), rest)...)
	if axis == 0 || y.Err() != nil {
		return y
	}
	// The axes of the index are in front; they belong behind the first axes of x.
	return y.Transpose(slices.Concat(span(k, k+axis), span(0, k), span(k+axis, y.Rank()))...)
}
