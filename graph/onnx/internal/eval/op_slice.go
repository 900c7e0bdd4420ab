package eval

import (
	"slices"
)

func tile(c *call) *Tensor {
	x := c.in(0)
	var times []int
	if c.opset < 6 { // tiles and an axis
		times = slices.Repeat([]int{1}, len(x.Shape))
		times[c.axis(c.one(2), len(x.Shape))] = c.one(1)
	} else {
		times = c.sizes(1)
	}
	c.want(len(times) == len(x.Shape), "got %d repeats for shape %v, want one for each axis", len(times), x.Shape)
	shape := make([]int, len(times))
	split, by, own := []int{}, []int{}, strides(x.Shape)
	for i, n := range times {
		c.want(n >= 0, "got %d repeats, want 0 or more", n)
		shape[i] = product(n, x.Shape[i])
		split, by = append(split, n, x.Shape[i]), append(by, 0, own[i])
	}
	c.shape(shape...)
	return &Tensor{shape, x.data.strided(split, by, 0)}
}

// joined concatenates tensors of the same type along an axis.
func (c *call) joined(list []*Tensor, axis int) *Tensor {
	first := list[0]
	shape := slices.Clone(first.Shape)
	shape[axis] = 0
	for _, t := range list {
		c.sameType(first, t)
		if len(t.Shape) != len(shape) {
			c.fail("got shapes %v and %v, want the same number of dimensions", first.Shape, t.Shape)
		}
		for i, d := range t.Shape {
			if i != axis && d != shape[i] {
				c.fail("got shapes %v and %v, want shapes that differ only at axis %d", first.Shape, t.Shape, axis)
			}
		}
		shape[axis] += t.Shape[axis]
	}
	out := c.made(first.Type(), shape...)
	outer, inner := sizeOf(shape[:axis]), sizeOf(shape[axis+1:])
	at := 0
	for o := range outer {
		for _, t := range list {
			n := t.Shape[axis] * inner
			out.data.copyAt(at, t.data, o*n, n)
			at += n
		}
	}
	return out
}

func concat(c *call) *Tensor {
	c.want(c.opset < 4 || c.attribute("axis") != nil, "got no attribute axis, want one")
	for i := range c.inputs {
		c.in(i)
	}
	c.want(len(c.in(0).Shape) > 0, "got scalars, want tensors with axes")
	return c.joined(c.inputs, c.axisAttribute(1, len(c.in(0).Shape)))
}

// part returns the elements [from, to) of an axis.
func (c *call) part(x *Tensor, axis, from, to int) *Tensor {
	shape, by := slices.Clone(x.Shape), strides(x.Shape)
	shape[axis] = to - from
	return &Tensor{c.shape(shape...), x.data.strided(shape, by, from*by[axis])}
}

func split(c *call) []*Tensor {
	x := c.in(0)
	axis := c.axisAttribute(0, len(x.Shape))
	sizes := c.ints("split")
	if c.opt(1) != nil {
		sizes = c.sizes(1)
	}
	n := len(c.node.Outputs)
	if sizes == nil {
		c.want(c.attribute("num_outputs") == nil || c.int("num_outputs", 0) == n, "attribute num_outputs: got %d, want the %d outputs", c.int("num_outputs", 0), n)
		each := (x.Shape[axis] + n - 1) / n
		c.want(x.Shape[axis]%n == 0 || c.opset >= 18, "got %d elements, want a multiple of %d", x.Shape[axis], n)
		for left := x.Shape[axis]; len(sizes) < n; left -= sizes[len(sizes)-1] {
			sizes = append(sizes, min(each, left))
		}
	}
	var out []*Tensor
	at := 0
	for _, s := range sizes {
		c.want(s >= 0 && s <= x.Shape[axis]-at, "got parts of sizes %v, want %d in all", sizes, x.Shape[axis])
		out = append(out, c.part(x, axis, at, at+s))
		at += s
	}
	c.want(at == x.Shape[axis] && len(out) == n, "got parts of sizes %v, want %d for %d elements", sizes, n, x.Shape[axis])
	return out
}

// slice takes a range with a step of some axes.
func slice(c *call) *Tensor {
	x := c.in(0)
	var starts, ends, axes, steps []int
	if c.opset < 10 {
		starts, ends, axes = c.ints("starts"), c.ints("ends"), c.ints("axes")
	} else {
		starts, ends = c.sizes(1), c.sizes(2)
		if c.opt(3) != nil {
			axes = c.sizes(3)
		}
		if c.opt(4) != nil {
			steps = c.sizes(4)
		}
	}
	if axes == nil {
		for i := range starts {
			axes = append(axes, i)
		}
	}
	if steps == nil {
		steps = slices.Repeat([]int{1}, len(starts))
	}
	c.want(len(starts) == len(ends) && len(axes) == len(ends) && len(steps) == len(ends), "got %d starts, %d ends, %d axes and %d steps, want equal numbers",
		len(starts), len(ends), len(axes), len(steps))
	shape, by, offset := slices.Clone(x.Shape), strides(x.Shape), 0
	for i, a := range c.axes(axes, len(x.Shape)) {
		n, step := x.Shape[a], steps[i]
		c.want(step != 0, "got step 0, want another one")
		from, to := starts[i], ends[i]
		if from < 0 {
			from += n
		}
		if to < 0 {
			to += n
		}
		if step > 0 {
			from, to = min(max(from, 0), n), min(max(to, 0), n)
			shape[a] = max(0, (to-from+step-1)/step)
		} else {
			from, to = min(max(from, 0), n-1), min(max(to, -1), n-1) // unlike in NumPy, a start before the first element is the first
			shape[a] = max(0, (from-to-step-1)/-step)
		}
		offset += from * by[a]
		by[a] *= step
	}
	return &Tensor{c.shape(shape...), x.data.strided(shape, by, offset)}
}
