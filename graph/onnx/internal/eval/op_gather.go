package eval

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"Gather": raw(op(2, 2, "axis", gather)), "GatherElements": raw(op(2, 2, "axis", gatherElements)), "GatherND": raw(op(2, 2, "batch_dims", gatherND)),
		"Scatter": op(3, 3, "axis", scatterElements), "ScatterElements": op(3, 3, "axis reduction", scatterElements), "ScatterND": op(3, 3, "reduction", scatterND),
		"Compress": raw(op(2, 2, "axis", compress)), "NonZero": raw(op(1, 1, "", nonZero)),
	})
}

// positions returns input i as indices of n elements; negative ones count from the end.
func (c *call) positions(i, n int) []int {
	list := c.sizes(i)
	for k, p := range list {
		c.want(p >= -n && p < n, "input %d: got index %d, want -%d to %d", i+1, p, n, n-1)
		if p < 0 {
			list[k] += n
		}
	}
	return list
}

func gather(c *call) *Tensor {
	x, at := c.in(0), c.in(1)
	c.want(len(x.Shape) > 0, "got a scalar, want a tensor with axes")
	axis := c.axisAttribute(0, len(x.Shape))
	n := x.Shape[axis]
	list := c.positions(1, n)
	shape := slices.Concat(x.Shape[:axis], at.Shape, x.Shape[axis+1:])
	out := c.made(x.Type(), shape...)
	inner := sizeOf(x.Shape[axis+1:])
	to := 0
	for o := range sizeOf(x.Shape[:axis]) {
		for _, p := range list {
			out.data.copyAt(to, x.data, (o*n+p)*inner, inner)
			to += inner
		}
	}
	return out
}

// elements returns, for each element of the indices in input 1, the position of the element of x that it names along an axis.
func (c *call) elements(x *Tensor) []int {
	at := c.in(1)
	c.want(len(at.Shape) == len(x.Shape) && len(x.Shape) > 0, "got indices of shape %v for shape %v, want the same number of dimensions", at.Shape, x.Shape)
	axis := c.axisAttribute(0, len(x.Shape))
	for i, d := range at.Shape {
		c.want(i == axis || d <= x.Shape[i], "got indices of shape %v for shape %v, want no more outside of axis %d", at.Shape, x.Shape, axis)
	}
	list := c.positions(1, x.Shape[axis])
	by, own := strides(x.Shape), strides(at.Shape)
	index := c.index(at.Shape...)
	for i := range index {
		for k, d := range at.Shape {
			p := i / own[k] % d
			if k == axis {
				p = list[i]
			}
			index[i] += p * by[k]
		}
	}
	return index
}

func gatherElements(c *call) *Tensor {
	x := c.in(0)
	return &Tensor{c.in(1).Shape, x.data.take(c.elements(x), nil)}
}

// tuples returns the positions in x that the tuples of indices in input 1 name, after batch axes, and the number of elements at each.
func (c *call) tuples(x *Tensor, batch int) (starts []int, inner int, shape []int) {
	at := c.in(1)
	c.want(batch >= 0 && batch < len(x.Shape) && batch < len(at.Shape), "got %d batch dimensions for shapes %v and %v, want fewer than theirs", batch, x.Shape, at.Shape)
	c.want(slices.Equal(x.Shape[:batch], at.Shape[:batch]), "got shapes %v and %v, want %d equal dimensions", x.Shape, at.Shape, batch)
	depth := at.Shape[len(at.Shape)-1]
	c.want(depth <= len(x.Shape)-batch, "got indices of shape %v for shape %v, want at most %d numbers each", at.Shape, x.Shape, len(x.Shape)-batch)
	list, by := c.sizes(1), strides(x.Shape)
	shape = at.Shape[:len(at.Shape)-1]
	starts = c.index(shape...)
	each := sizeOf(shape[batch:])
	for i := range starts {
		if batch > 0 {
			starts[i] = i / max(each, 1) * by[batch-1]
		}
		for k := range depth {
			p, n := list[i*depth+k], x.Shape[batch+k]
			c.want(p >= -n && p < n, "input 2: got index %d, want -%d to %d", p, n, n-1)
			starts[i] += (p + n) % n * by[batch+k]
		}
	}
	return starts, sizeOf(x.Shape[batch+depth:]), shape
}

func gatherND(c *call) *Tensor {
	x := c.in(0)
	batch := c.int("batch_dims", 0)
	starts, inner, shape := c.tuples(x, batch)
	depth := c.in(1).Shape[len(shape)]
	out := c.made(x.Type(), slices.Concat(shape, x.Shape[batch+depth:])...)
	for i, s := range starts {
		out.data.copyAt(i*inner, x.data, s, inner)
	}
	return out
}

func scatterElements(c *call) *Tensor {
	x, updates := c.in(0), c.in(2)
	c.want(slices.Equal(updates.Shape, c.in(1).Shape), "got updates of shape %v for indices of shape %v, want the same", updates.Shape, c.in(1).Shape)
	return c.scattered(x, updates, c.elements(x))
}

func scatterND(c *call) *Tensor {
	x, updates := c.in(0), c.in(2)
	starts, inner, shape := c.tuples(x, 0)
	depth := c.in(1).Shape[len(shape)]
	c.want(slices.Equal(updates.Shape, slices.Concat(shape, x.Shape[depth:])), "got updates of shape %v, want %v", updates.Shape, slices.Concat(shape, x.Shape[depth:]))
	index := c.index(len(starts), inner)
	for i := range index {
		index[i] = starts[i/inner] + i%inner
	}
	return c.scattered(x, updates, index)
}

// scattered returns x with updates at the given positions, or combined with the elements there by the attribute reduction.
func (c *call) scattered(x, updates *Tensor, index []int) *Tensor {
	c.sameType(x, updates)
	c.shape(x.Shape...)
	out := &Tensor{x.Shape, x.data.empty(x.Size())}
	out.data.copyAt(0, x.data, 0, x.Size())
	how := c.str("reduction", "none")
	if how == "none" {
		out.data.put(index, updates.data)
		return out
	}
	c.want(slices.Contains([]string{"add", "mul", "min", "max"}, how), "attribute reduction: got %.16q, want none, add, mul, min or max", how)
	pick(c, x, scatters)(out.data, updates.data, index, how)
	return out
}

var scatters = table[func(out, updates data, index []int, how string)]{
	proto.Float32: scatter[float32], proto.Float64: scatter[float64], proto.Int8: scatter[int8], proto.Int16: scatter[int16], proto.Int32: scatter[int32],
	proto.Int64: scatter[int64], proto.Uint8: scatter[uint8], proto.Uint16: scatter[uint16], proto.Uint32: scatter[uint32], proto.Uint64: scatter[uint64],
}

func scatter[T number](out, updates data, index []int, how string) {
	y := out.(list[T])
	for i, v := range updates.(list[T]) {
		switch p := &y[index[i]]; how {
		case "add":
			*p += v
		case "mul":
			*p *= v
		case "min":
			*p = min(*p, v)
		default:
			*p = max(*p, v)
		}
	}
}

// compress keeps the elements of an axis whose condition is true; without an axis, those of the flat tensor.
func compress(c *call) *Tensor {
	x, keep := c.in(0), c.bools(c.in(1))
	axis := 0
	if c.attribute("axis") == nil {
		x = x.reshaped(x.Size())
	} else {
		axis = c.axisAttribute(0, len(x.Shape))
	}
	var parts []*Tensor
	for i, yes := range keep {
		if yes {
			c.want(i < x.Shape[axis], "got a condition of %d elements, want at most %d", len(keep), x.Shape[axis])
			parts = append(parts, c.part(x, axis, i, i+1))
		}
	}
	if parts == nil {
		return c.part(x, axis, 0, 0)
	}
	return c.joined(parts, axis)
}

// nonZero returns the positions of the elements other than 0, a row for each dimension.
func nonZero(c *call) *Tensor {
	x := c.in(0)
	shape := x.Shape
	if len(shape) == 0 {
		shape = []int{1}
	}
	var at []int
	for i, yes := range cast(x.data, proto.Bool).(list[bool]) {
		if yes {
			at = append(at, i)
		}
	}
	out := c.made(proto.Int64, len(shape), len(at))
	for k, by := range strides(shape) {
		for i, p := range at {
			out.data.(list[int64])[k*len(at)+i] = int64(p / by % shape[k])
		}
	}
	return out
}
