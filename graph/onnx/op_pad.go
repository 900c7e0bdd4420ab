package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// padModes are the modes of Pad.
var padModes = map[string]graph.PadMode{"constant": graph.PadZeros, "reflect": graph.PadReflect, "edge": graph.PadEdge, "wrap": graph.PadWrap}

// pad adds elements before and after the axes: zeros or another number, or elements of x. A negative number cuts off.
func pad(c *call) []*value {
	x := c.x(0)
	pads, fill := c.ints("pads"), c.float("value", 0)
	if c.has(1) {
		pads = c.sizes(1)
	}
	if v, ok := c.numbers(2); ok && len(v) == 1 {
		fill = v[0]
	} else if c.has(2) {
		c.fail("input 3: got no constant number, want one")
	}
	axes := span(0, x.Rank())
	if c.has(3) {
		axes = c.sizes(3)
	}
	name := c.string("mode", "constant")
	mode, ok := padModes[name]
	if !ok {
		c.fail("attribute mode: got %.16q, want constant, reflect, edge or wrap", name)
	}
	if len(pads) != 2*len(axes) {
		c.fail("got %d paddings for %d axes, want two for each axis", len(pads), len(axes))
	}
	if c.err != nil {
		return nil
	}
	pads = slices.Clone(pads)
	for i, a := range axes {
		before, after := &pads[i], &pads[len(axes)+i]
		if (*before < 0 || *after < 0) && mode != graph.PadZeros {
			return nodes(c.fail("got padding of %d, %d with mode %s, want 0 or more", *before, *after, name))
		}
		if n := x.Dim(a); min(*before, 0)+min(*after, 0) <= -n {
			return nodes(c.fail("got padding of %d, %d for %d elements, want at least one left", *before, *after, n))
		} else if *before < 0 || *after < 0 {
			x = x.Slice(a, max(-*before, 0), n+min(*after, 0))
		}
		*before, *after = max(*before, 0), max(*after, 0)
	}
	inner := x.Shape()
	for i, a := range axes {
		x = x.Pad(a, pads[i], pads[len(axes)+i], mode)
	}
	if fill != 0 && mode == graph.PadZeros && x.Err() == nil {
		x = c.fillAround(x, fill, inner, axes, pads)
	}
	return nodes(x)
}

// fillAround replaces the zeros that have been padded around elements of shape inner by a number: it adds a table that is
// zero for the inner elements.
func (c *call) fillAround(x graph.Node, fill float64, inner, axes, pads []int) graph.Node {
	shape, before := make([]int, x.Rank()), make([]int, x.Rank()) // the table's shape is 1 where nothing is padded
	for i, a := range axes {
		a = (a + len(shape)) % len(shape)
		if before[a] += pads[i]; x.Dim(a) != inner[a] {
			shape[a] = x.Dim(a)
		}
	}
	for a := range shape {
		shape[a] = max(shape[a], 1)
	}
	n, ok := sizeOf(shape, c.left)
	if !ok {
		return c.fail("got a padding of shape %v that is not 0, %s", shape, wantFewer)
	}
	c.spend(n)
	table := c.s.Table(func(i int) float64 {
		for a := len(shape) - 1; a >= 0; a-- {
			at := i%shape[a] - before[a]
			if i /= shape[a]; shape[a] > 1 && (at < 0 || at >= inner[a]) {
				return fill
			}
		}
		return 0
	}, shape...)
	return x.Add(table)
}
