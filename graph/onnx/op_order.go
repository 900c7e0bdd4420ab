package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// whole returns input i as a node of integers, known or computed.
func (c *call) whole(i int) graph.Node {
	if c.hasIntegers(i) {
		return c.table(c.integers(i), func(v int64) float64 { return float64(v) })
	}
	x, kind := c.any(i)
	if x.Err() == nil && kind != integerKind && kind != castKind {
		return c.fail("input %d: got floating-point numbers or bools, want integers", i+1)
	}
	return x
}

// index returns input i as positions along an axis of n elements, where a negative one counts from the end.
func (c *call) index(i, n int) graph.Node {
	x := c.whole(i)
	if x.Err() != nil {
		return x
	}
	return x.Add(x.Neg().Greater(c.s.Scalar(0)).Scale(float64(n)))
}

// axis returns an attribute as an axis of x, from 0 on.
func (c *call) axis(x graph.Node, otherwise int) int {
	axis := c.int("axis", otherwise)
	if x.Err() == nil && (axis < -x.Rank() || axis >= x.Rank()) {
		c.fail("attribute axis: got %d for shape %v, want one of its axes", axis, x.Shape())
		return 0
	}
	if axis < 0 {
		axis += x.Rank()
	}
	return axis
}

// argExtreme returns an operator for the position of the largest or the smallest element along an axis.
func argExtreme(f func(x graph.Node, axis int) graph.Node) operator {
	return operator{least: 1, most: 1, attributes: "axis keepdims select_last_index", emit: func(c *call) []*value {
		x := c.x(0)
		axis := c.axis(x, 0)
		if c.err != nil {
			return nil
		}
		var y graph.Node
		if c.int("select_last_index", 0) != 0 {
			y = f(x.Reverse(axis), axis).Neg().Shift(float64(x.Dim(axis) - 1))
		} else {
			y = f(x, axis)
		}
		if c.int("keepdims", 1) != 0 {
			y = y.Expand(axis)
		}
		return []*value{{node: y, made: true, kind: integerKind}}
	}}
}

// topK returns the largest or the smallest elements along an axis, always sorted, and their positions.
func topK(c *call) []*value {
	x, kind := c.numeric(0)
	if kind == castKind {
		c.fail("input 1: got numbers cast to integers, want none: it would round")
	}
	k := c.integers(1)
	axis := c.axis(x, -1)
	if c.err == nil && len(k.data) != 1 {
		c.fail("input 2: got %d integers, want one", len(k.data))
	}
	if c.err != nil {
		return nil
	}
	f := graph.Node.TopK
	if c.int("largest", 1) == 0 {
		f = graph.Node.BottomK
	}
	values, index := f(x, axis, c.size(k.data[0]))
	return []*value{{node: values, made: true, kind: kind}, {node: index, made: true, kind: integerKind}}
}

func cumSum(c *call) []*value {
	x, kind := c.any(0)
	axis := c.integers(1)
	if c.err == nil && len(axis.data) != 1 {
		c.fail("input 2: got %d integers, want one axis", len(axis.data))
	}
	if c.err != nil {
		return nil
	}
	y := x.CumSum(c.size(axis.data[0]), c.int("exclusive", 0) != 0, c.int("reverse", 0) != 0)
	return []*value{{node: y, made: true, kind: kind}}
}

// trilu keeps the upper triangle of matrices, or the lower one.
func trilu(c *call) []*value {
	x, kind := c.any(0)
	k := 0
	if c.has(1) {
		w := c.integers(1)
		if c.err == nil && len(w.data) != 1 {
			c.fail("input 2: got %d integers, want one", len(w.data))
		}
		if c.err != nil {
			return nil
		}
		k = c.size(w.data[0])
	}
	if c.int("upper", 1) != 0 {
		return []*value{{node: x.Triu(k), made: true, kind: kind}}
	}
	return []*value{{node: x.Tril(k), made: true, kind: kind}}
}

// tile repeats the input as a whole along its axes.
func tile(c *call) []*value {
	counts := slices.Clone(c.sizes(1))
	return c.move(func(shape []int) moving {
		if len(counts) != len(shape) {
			c.fail("input 2: got %d counts for shape %v, want one for each dimension", len(counts), shape)
			return moving{}
		}
		to := slices.Clone(shape)
		for i, n := range counts {
			if n < 1 {
				c.fail("input 2: got %v, want counts of 1 or more", counts)
				return moving{}
			}
			to[i] *= min(n, maxElements)
		}
		if _, ok := sizeOf(to, maxElements); !ok {
			c.fail("got shape %v, want at most %d elements", to, maxElements)
			return moving{}
		}
		by := strides(shape)
		return moving{
			node: func(x graph.Node) graph.Node { return x.Tile(counts...) },
			integers: func(w *integers) *integers {
				return c.pick(w, to, func(pos []int) int {
					at := 0
					for i, p := range pos {
						at += p % shape[i] * by[i]
					}
					return at
				})
			},
		}
	})
}

// mod is the remainder: of floating-point numbers with the sign of the first, as in C, of integers with that of the second.
func mod(c *call) []*value {
	if c.hasIntegers(0) && c.hasIntegers(1) {
		return c.integerValue(c.foldArithmetic())
	}
	x, kind := c.any(0)
	signed := c.int("fmod", 0) != 0
	switch {
	case c.err != nil:
		return nil
	case kind == boolKind:
		c.fail("input 1: got bools, want numbers")
		return nil
	case kind == floatKind && !signed:
		c.fail("attribute fmod: got 0 for floating-point numbers, want 1")
		return nil
	}
	var y graph.Node
	if kind == floatKind {
		y = c.x(1)
	} else {
		y = c.whole(1)
	}
	if !signed {
		return []*value{{node: x.Mod(y), made: true, kind: kind}}
	}
	r := x.Abs().Mod(y.Abs())
	return []*value{{node: r.Neg().Where(x.Neg(), r), made: true, kind: kind}}
}

// einsum is a sum of products in Einstein's notation.
func einsum(c *call) []*value {
	var list []graph.Node
	for i := range c.node.Inputs {
		list = append(list, c.x(i))
	}
	if c.err != nil {
		return nil
	}
	return nodes(graph.Einsum(c.string("equation", ""), list...))
}

// oneNorm is the sum of the magnitudes.
func oneNorm(x graph.Node, axes ...int) graph.Node { return x.PNorm(1, axes...) }

// crossEntropy is that of logits, (batch, classes, ...), and classes, (batch, ...).
func crossEntropy(c *call) []*value {
	x := c.x(0)
	if c.err == nil && x.Rank() < 2 {
		c.fail("got shape %v, want (batch, classes, ...)", x.Shape())
	}
	if c.err != nil {
		return nil
	}
	last := append(append([]int{0}, span(2, x.Rank())...), 1)
	y := x.Transpose(last...).CrossEntropy(c.whole(1))
	switch how := c.string("reduction", "mean"); how {
	case "none":
		return nodes(y)
	case "mean":
		return nodes(y.Mean())
	case "sum":
		return nodes(y.Sum())
	default:
		return nodes(c.fail("attribute reduction: got %.16q, want none, mean or sum", how))
	}
}
