package eval

import (
	"slices"
)

func init() {
	register(map[string]operator{"Pad": raw(op(1, 4, "mode pads paddings value", pad))})
}

// pad adds elements before and after those of the axes, and removes some where the numbers are negative.
func pad(c *call) *Tensor {
	x, pads, axes := c.in(0), c.ints("pads"), []int(nil)
	fill := x.data.empty(1)
	if c.opset < 11 {
		if c.opset < 2 {
			pads = c.ints("paddings")
		}
		fill = scalar(c.float("value", 0)).as(x.Type()).data
	} else {
		pads = c.sizes(1)
		if v := c.opt(2); v != nil {
			c.sameType(x, v)
			c.want(v.Size() == 1, "input 3: got %d elements, want 1", v.Size())
			fill = v.data
		}
		if c.opt(3) != nil {
			axes = c.axes(c.sizes(3), len(x.Shape))
		}
	}
	if axes == nil {
		for i := range x.Shape {
			axes = append(axes, i)
		}
	}
	c.want(len(pads) == 2*len(axes), "got %d numbers of elements for %d axes, want two for each", len(pads), len(axes))
	mode := c.str("mode", "constant")
	c.want(slices.Contains([]string{"constant", "reflect", "edge", "wrap"}, mode), "attribute mode: got %.16q, want constant, reflect, edge or wrap", mode)
	shape, maps := slices.Clone(x.Shape), make([][]int, len(x.Shape))
	for i, a := range axes {
		before, after := pads[i], pads[len(axes)+i]
		n := x.Shape[a]
		shape[a] = n + before + after
		c.want(shape[a] >= 0, "got %d and %d more elements of %d, want 0 or more in all", before, after, n)
		c.want(n > 0 || mode == "constant" || before <= 0 && after <= 0, "got an empty axis, want elements to repeat")
		c.shape(shape[a])
		maps[a] = make([]int, shape[a])
		for o := range maps[a] {
			maps[a][o] = mirrored(o-before, n, mode)
		}
	}
	index := c.index(shape...)
	fillIndex(index, maps, shape, strides(x.Shape), 0)
	return &Tensor{shape, x.data.take(index, fill)}
}

// fillIndex sets index to the positions of the elements of an array, at plus those of its axes; maps has the elements of an axis, nil for
// all. A negative one stands for none.
func fillIndex(index []int, maps [][]int, shape, own []int, at int) {
	if len(shape) == 0 {
		index[0] = at
		return
	}
	n := len(index) / max(shape[0], 1)
	for o := range shape[0] {
		p := o
		if maps[0] != nil {
			p = maps[0][o]
		}
		part := index[o*n : (o+1)*n]
		switch {
		case p < 0:
			for i := range part {
				part[i] = -1
			}
		case len(shape) == 1:
			part[0] = at + p*own[0]
		default:
			fillIndex(part, maps[1:], shape[1:], own[1:], at+p*own[0])
		}
	}
}

// mirrored returns the element that stands at position p of n elements with padding, -1 for the constant.
func mirrored(p, n int, mode string) int {
	switch {
	case p >= 0 && p < n:
		return p
	case mode == "edge":
		return min(max(p, 0), n-1)
	case mode == "wrap":
		return ((p % n) + n) % n
	case mode == "reflect":
		if n == 1 {
			return 0
		}
		if p = p % (2 * (n - 1)); p < 0 {
			p += 2 * (n - 1)
		}
		return min(p, 2*(n-1)-p)
	}
	return -1
}
