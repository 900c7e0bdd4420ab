package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// A cut is a part of one axis: count elements, step apart, beginning at from.
type cut struct{ axis, from, step, count int }

// take returns the operation that takes a cut of an input.
func (c *call) take(k cut) moving {
	return moving{
		node: func(x graph.Node) graph.Node {
			from := k.from
			switch {
			case k.count < 1:
				return c.fail("got no elements of axis %d, want at least one", k.axis)
			case k.step == -1:
				from -= k.count - 1
			case k.step != 1 && k.count > 1:
				return k.sparse(x)
			}
			if k.count < x.Dim(k.axis) {
				x = x.Slice(k.axis, from, from+k.count)
			}
			if k.step == -1 {
				x = x.Reverse(k.axis)
			}
			return x
		},
		integers: func(w *integers) *integers {
			shape, by := slices.Clone(w.shape), strides(w.shape)
			shape[k.axis] = k.count
			return c.pick(w, shape, func(pos []int) int {
				return dot(pos, by) + (k.from+pos[k.axis]*(k.step-1))*by[k.axis]
			})
		},
	}
}

// sparse takes a cut with a step other than 1 and -1: the first element of each of count groups.
func (k cut) sparse(x graph.Node) graph.Node {
	step, first := k.step, k.from
	if step < 0 {
		step, first = -step, first+(k.count-1)*k.step
	}
	n := min(x.Dim(k.axis)-first, k.count*step)
	x = x.Slice(k.axis, first, first+n)
	if n < k.count*step {
		x = x.Pad(k.axis, 0, k.count*step-n)
	}
	if x.Err() != nil {
		return x
	}
	shape := slices.Clone(x.Shape())
	shape[k.axis] = k.count
	x = x.Reshape(slices.Insert(slices.Clone(shape), k.axis+1, step)...).Slice(k.axis+1, 0, 1).Reshape(shape...)
	if k.step < 0 {
		x = x.Reverse(k.axis)
	}
	return x
}

// slice takes parts of some axes. Starts, ends, axes and steps are inputs, or attributes in old files.
func slice(c *call) []*value {
	starts, ends, axes := c.ints("starts"), c.ints("ends"), c.ints("axes")
	var steps []int
	for i, list := range []*[]int{&starts, &ends, &axes, &steps} {
		if c.has(1 + i) {
			*list = c.sizes(1 + i)
		}
	}
	if axes == nil {
		axes = span(0, len(starts))
	}
	if steps == nil {
		steps = slices.Repeat([]int{1}, len(starts))
	}
	if len(ends) != len(starts) || len(axes) != len(starts) || len(steps) != len(starts) {
		c.fail("got %d starts, %d ends, %d axes and %d steps, want equal numbers", len(starts), len(ends), len(axes), len(steps))
		return nil
	}
	return c.move(func(shape []int) moving {
		var parts []moving
		for i, axis := range axes {
			if axis < 0 {
				axis += len(shape)
			}
			if axis < 0 || axis >= len(shape) || steps[i] == 0 {
				c.fail("got axis %d of shape %v and a step of %d, want one of its axes and a step other than 0", axes[i], shape, steps[i])
				return moving{}
			}
			parts = append(parts, c.take(cutOf(axis, shape[axis], starts[i], ends[i], steps[i])))
		}
		return chain(parts)
	})
}

// cutOf returns the cut of an axis of n elements from ONNX's start, end and step; negative ends count from the last element.
func cutOf(axis, n, from, to, step int) cut {
	if from < 0 {
		from += n
	}
	if to < 0 {
		to += n
	}
	if step > 0 {
		from, to = min(max(from, 0), n), min(max(to, 0), n)
		return cut{axis, from, step, max(0, (to-from+step-1)/step)}
	}
	from, to = min(max(from, 0), n-1), min(max(to, -1), n-1)
	return cut{axis, from, step, max(0, (from-to-step-1)/-step)}
}

// chain returns the operation that applies parts in order.
func chain(parts []moving) moving {
	return moving{
		node: func(x graph.Node) graph.Node {
			for _, p := range parts {
				x = p.node(x)
			}
			return x
		},
		integers: func(w *integers) *integers {
			for _, p := range parts {
				w = p.integers(w)
			}
			return w
		},
	}
}

// split cuts an axis into one part per output, of given or equal sizes.
func split(c *call) []*value {
	axis := c.int("axis", 0)
	sizes := c.ints("split")
	if c.has(1) {
		sizes = c.sizes(1)
	}
	var out []*value
	at := 0
	for i := range c.node.Outputs {
		out = append(out, c.move(func(shape []int) moving {
			if axis < 0 {
				axis += len(shape)
			}
			if axis < 0 || axis >= len(shape) || sizes != nil && len(sizes) != len(c.node.Outputs) {
				c.fail("got axis %d of shape %v and sizes %v for %d outputs, want one of its axes and a size per output", axis, shape, sizes, len(c.node.Outputs))
				return moving{}
			}
			n := (shape[axis] + len(c.node.Outputs) - 1) / len(c.node.Outputs)
			if sizes != nil {
				n = sizes[i]
			} else if i == len(c.node.Outputs)-1 {
				n = shape[axis] - at
			}
			if n < 1 || n > shape[axis]-at || sizes != nil && i == len(sizes)-1 && n != shape[axis]-at {
				c.fail("got sizes %v for axis %d of shape %v, want positive sizes whose sum is the axis", sizes, axis, shape)
				return moving{}
			}
			at += n
			return c.take(cut{axis, at - n, 1, n})
		})...)
		if c.err != nil {
			return nil
		}
	}
	return out
}

// concat joins nodes or known integers.
func concat(c *call) []*value {
	axis := c.int("axis", 0)
	all := true
	for i := range c.node.Inputs {
		all = all && c.hasIntegers(i)
	}
	if all {
		return c.integerValue(c.joined(axis))
	}
	list := make([]graph.Node, len(c.node.Inputs))
	kind := floatKind
	for i := range list {
		n, k := c.any(i)
		if list[i] = n; i > 0 && k != kind {
			c.fail("got inputs of several types, want one type")
		}
		if kind = k; c.err != nil {
			return nil
		}
	}
	return []*value{{node: graph.Concat(axis, list...), made: true, kind: kind}}
}

// joined joins known integers, which must be vectors.
func (c *call) joined(axis int) *integers {
	out := list()
	for i := range c.node.Inputs {
		w := c.integers(i)
		if len(w.shape) != 1 || axis != 0 && axis != -1 {
			c.fail("got integers of shape %v and axis %d, want vectors and axis 0", w.shape, axis)
			return out
		}
		if len(w.data) > c.left-len(out.data) {
			c.fail("got %d constant numbers, %s", len(out.data)+len(w.data), wantFewer)
			return out
		}
		out.data = append(out.data, w.data...)
	}
	out.shape[0] = len(out.data)
	return out
}
