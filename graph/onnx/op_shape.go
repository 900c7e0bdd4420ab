package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// A moving is an operation that moves the elements of a node or of known integers.
type moving struct {
	node     func(x graph.Node) graph.Node
	integers func(w *integers) *integers
}

// move applies an operation to input 0, of any kind; f returns the operation for the input's shape.
func (c *call) move(f func(shape []int) moving) []*value {
	if c.hasIntegers(0) {
		w := c.integers(0)
		m := f(w.shape)
		if c.err != nil {
			return nil
		}
		return c.integerValue(m.integers(w))
	}
	x, k := c.any(0)
	if c.err != nil {
		return nil
	}
	m := f(x.Shape())
	if c.err != nil {
		return nil
	}
	return []*value{{node: m.node(x), made: true, kind: k}}
}

// into returns the operation that changes the shape.
func (c *call) into(shape []int) moving {
	n, ok := sizeOf(shape, maxElements)
	if !ok {
		c.fail("got shape %v, want at most %d elements", shape, maxElements)
	}
	return moving{
		node: func(x graph.Node) graph.Node { return x.Reshape(shape...) },
		integers: func(w *integers) *integers {
			if n != len(w.data) {
				c.fail("got shape %v of %d elements, want %d elements", shape, n, len(w.data))
			}
			return &integers{shape, w.data}
		},
	}
}

// reshape changes the shape. A dimension of 0 keeps its size, unless allowzero is set; -1 takes the remaining elements.
func reshape(c *call) []*value {
	to := slices.Clone(c.sizes(1))
	keep := c.int("allowzero", 0) == 0
	return c.move(func(shape []int) moving {
		rest, ok := sizeOf(shape, maxElements)
		if ok && !c.hasIntegers(0) {
			c.shapes.grow(c.node, to, rest, c.input.Dim(0))
		}
		open := -1
		for i, d := range to {
			if d == 0 && keep && i < len(shape) {
				to[i] = shape[i]
			}
			switch {
			case d == -1 && open < 0:
				open = i
			case to[i] < 0 || ok && to[i] > 0 && rest%to[i] != 0:
				c.fail("got shape %v for elements of shape %v, want as many elements", to, shape)
			case to[i] > 0:
				rest /= to[i]
			}
		}
		if open >= 0 {
			to[open] = rest
		}
		return c.into(to)
	})
}

func flatten(c *call) []*value {
	return c.move(func(shape []int) moving {
		axis := c.int("axis", 1)
		if axis < 0 {
			axis += len(shape)
		}
		if axis < 0 || axis > len(shape) {
			c.fail("attribute axis: got %d for shape %v, want one of its axes", axis, shape)
			return moving{}
		}
		first, _ := sizeOf(shape[:axis], maxElements)
		second, _ := sizeOf(shape[axis:], maxElements)
		return c.into([]int{first, second})
	})
}

func squeeze(c *call) []*value {
	return c.move(func(shape []int) moving {
		axes, ok := c.axes(1, len(shape))
		if !ok {
			return moving{}
		}
		var to []int
		for i, d := range shape {
			switch named := slices.Contains(axes, i); {
			case named && d != 1:
				c.fail("got axis %d of %d elements, want 1", i, d)
			case !named && (len(axes) > 0 || d != 1):
				to = append(to, d)
			}
		}
		return c.into(to)
	})
}

func unsqueeze(c *call) []*value {
	return c.move(func(shape []int) moving {
		n := len(c.ints("axes"))
		if c.has(1) {
			n = len(c.sizes(1))
		}
		axes, ok := c.axes(1, len(shape)+n)
		if !ok {
			return moving{}
		}
		to := slices.Clone(shape)
		for _, a := range axes {
			to = slices.Insert(to, a, 1)
		}
		return c.into(to)
	})
}

func transpose(c *call) []*value {
	return c.move(func(shape []int) moving {
		perm := c.ints("perm")
		if perm == nil {
			perm = span(0, len(shape))
			slices.Reverse(perm)
		}
		if sorted := slices.Sorted(slices.Values(perm)); !slices.Equal(sorted, span(0, len(shape))) {
			c.fail("attribute perm: got %v, want each of %d axes once", perm, len(shape))
			return moving{}
		}
		return moving{
			node: func(x graph.Node) graph.Node {
				if len(perm) == 0 {
					return x
				}
				return x.Transpose(perm...)
			},
			integers: func(w *integers) *integers {
				to, from, by := make([]int, len(perm)), strides(w.shape), make([]int, len(perm))
				for i, p := range perm {
					to[i], by[i] = w.shape[p], from[p]
				}
				return c.pick(w, to, func(pos []int) int { return dot(pos, by) })
			},
		}
	})
}

// expand broadcasts the input and the given shape to each other.
func expand(c *call) []*value {
	to := c.sizes(1)
	return c.move(func(shape []int) moving {
		out := make([]int, max(len(shape), len(to)))
		for i := range out {
			a, b := fromEnd(shape, len(out)-i), fromEnd(to, len(out)-i)
			if out[i] = max(a, b); a != b && a != 1 && b != 1 {
				c.fail("got shapes %v and %v, want shapes that broadcast", shape, to)
			}
		}
		return moving{
			node:     func(x graph.Node) graph.Node { return c.broadcast(x, out) },
			integers: func(w *integers) *integers { return c.spread(w, out) },
		}
	})
}

func fromEnd(s []int, i int) int {
	if i > len(s) {
		return 1
	}
	return s[len(s)-i]
}
