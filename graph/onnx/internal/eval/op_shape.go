package eval

import (
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	register(map[string]operator{
		"Identity": raw(op(1, 1, "", func(c *call) *Tensor { return c.in(0) })),
		"Shape":    raw(op(1, 1, "start end", shapeOf)),
		"Size":     raw(op(1, 1, "", func(c *call) *Tensor { return scalar(int64(c.in(0).Size())) })),
		"Reshape":  raw(op(1, 2, "shape allowzero", reshape)), "Flatten": raw(op(1, 1, "axis", flatten)),
		"Squeeze": raw(op(1, 2, "axes", squeeze)), "Unsqueeze": raw(op(1, 2, "axes", unsqueeze)),
		"Transpose": raw(op(1, 1, "perm", transpose)), "Expand": raw(op(2, 2, "", expand)), "Tile": raw(op(2, 3, "", tile)),
		"Concat": raw(op(1, many, "axis", concat)), "Split": {least: 1, most: 2, attributes: "axis split num_outputs", raw: true, run: split},
		"Slice":        raw(op(1, 5, "axes starts ends", slice)),
		"DepthToSpace": raw(op(1, 1, "blocksize mode", depthToSpace)), "SpaceToDepth": raw(op(1, 1, "blocksize mode", spaceToDepth)),
		"ReverseSequence": raw(op(2, 2, "batch_axis time_axis", reverseSequence)), "Trilu": raw(op(1, 2, "upper", trilu)),
	})
}

func raw(o operator) operator { o.raw = true; return o }

func shapeOf(c *call) *Tensor {
	shape := c.in(0).Shape
	n := len(shape)
	bound := func(name string, otherwise int) int {
		v := c.int(name, otherwise)
		if v < 0 {
			v += n
		}
		return min(max(v, 0), n)
	}
	from, to := bound("start", 0), bound("end", n)
	out := []int64{}
	for i := from; i < to; i++ {
		out = append(out, int64(shape[i]))
	}
	return vector(out...)
}

func reshape(c *call) *Tensor {
	x := c.in(0)
	want := c.ints("shape")
	if c.opset >= 5 {
		want = c.sizes(1)
	}
	if len(want) > maxRank {
		c.fail("got %d dimensions, want at most %d", len(want), maxRank)
	}
	shape, rest, known := slices.Clone(want), -1, 1
	for i, d := range shape {
		switch {
		case d == 0 && !c.flag("allowzero"):
			if i >= len(x.Shape) {
				c.fail("got shape %v for %v, want no 0 beyond its dimensions", want, x.Shape)
			}
			shape[i] = x.Shape[i]
		case d == -1:
			if rest >= 0 {
				c.fail("got shape %v, want at most one -1", want)
			}
			rest = i
			continue
		}
		if shape[i] < 0 {
			c.fail("got shape %v, want dimensions of -1 or more", want)
		}
		known = product(known, shape[i])
	}
	if rest >= 0 {
		if known < 1 || x.Size()%known != 0 {
			c.fail("got shape %v for %d elements, want a divisor", want, x.Size())
		}
		shape[rest] = x.Size() / known
		known *= shape[rest]
	}
	if known != x.Size() {
		c.fail("got shape %v for %d elements, want as many", want, x.Size())
	}
	return x.reshaped(shape...)
}

// maxRank is the largest number of dimensions.
const maxRank = 64

func flatten(c *call) *Tensor {
	x := c.in(0)
	axis := c.int("axis", 1)
	if axis != len(x.Shape) {
		axis = c.axis(axis, len(x.Shape))
	}
	return x.reshaped(sizeOf(x.Shape[:axis]), sizeOf(x.Shape[axis:]))
}

// axesOf returns the axes, an input since opset 13 and an attribute before; nil if there are none.
func (c *call) axesOf(input, since int) []int {
	if c.opset < since {
		return c.ints("axes")
	}
	if c.opt(input) == nil {
		return nil
	}
	return c.sizes(input)
}

func squeeze(c *call) *Tensor {
	x := c.in(0)
	list := c.axesOf(1, 13)
	axes := c.axes(list, len(x.Shape))
	shape := []int{}
	for i, d := range x.Shape {
		switch {
		case slices.Contains(axes, i):
			if d != 1 {
				c.fail("got axis %d of shape %v, want an axis of size 1", i, x.Shape)
			}
		case len(list) > 0 || d != 1: // without axes, or with an empty list of them, all of size 1 go
			shape = append(shape, d)
		}
	}
	return x.reshaped(shape...)
}

func unsqueeze(c *call) *Tensor {
	x := c.in(0)
	list := c.axesOf(1, 13)
	c.want(len(x.Shape)+len(list) <= maxRank, "got %d new axes, want at most %d dimensions", len(list), maxRank)
	axes := c.axes(list, len(x.Shape)+len(list))
	shape, rest := []int{}, x.Shape
	for i := range len(x.Shape) + len(list) {
		if slices.Contains(axes, i) {
			shape = append(shape, 1)
		} else {
			shape, rest = append(shape, rest[0]), rest[1:]
		}
	}
	return x.reshaped(shape...)
}

// keepsOrder reports whether a permutation of the dimensions of a shape leaves the elements where they are.
func keepsOrder(shape, perm []int) bool {
	last := -1
	for _, p := range perm {
		if shape[p] == 1 {
			continue
		}
		if p < last {
			return false
		}
		last = p
	}
	return true
}

// permuted returns the tensor with its axes in another order.
func (c *call) permuted(x *Tensor, perm []int) *Tensor {
	own := strides(x.Shape)
	shape, by := make([]int, len(perm)), make([]int, len(perm))
	for i, p := range perm {
		shape[i], by[i] = x.Shape[p], own[p]
	}
	if keepsOrder(x.Shape, perm) {
		return &Tensor{shape, x.data}
	}
	if from, single := x.data.(list[float32]); single {
		if t, ok := kernels.NewTransposition(shape, by); ok {
			to := make(list[float32], sizeOf(c.shape(shape...)))
			pieces, _ := t.Pieces()
			kernels.Permute(t, to, from, 0, pieces)
			return &Tensor{shape, to}
		}
	}
	return &Tensor{c.shape(shape...), x.data.strided(shape, by, 0)}
}

func transpose(c *call) *Tensor {
	x := c.in(0)
	perm := c.ints("perm")
	if perm == nil {
		for i := range x.Shape {
			perm = append(perm, len(x.Shape)-1-i)
		}
	}
	c.want(len(perm) == len(x.Shape), "attribute perm: got %v, want %d axes", perm, len(x.Shape))
	return c.permuted(x, c.axes(perm, len(perm)))
}

func expand(c *call) *Tensor {
	x := c.in(0)
	want := c.sizes(1)
	c.want(len(want) <= maxRank, "got %d dimensions, want at most %d", len(want), maxRank)
	return c.expanded(x, c.broadcast(x.Shape, want))
}
