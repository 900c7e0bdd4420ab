package eval

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	register(map[string]operator{
		"Constant":        raw(op(0, 0, "value value_float value_floats value_int value_ints", constant)),
		"ConstantOfShape": raw(op(1, 1, "value", constantOfShape)),
		"Range":           op(3, 3, "", rangeOf), "EyeLike": raw(op(1, 1, "dtype k", eyeLike)), "OneHot": raw(op(3, 3, "axis", oneHot)),
		"Cast": raw(op(1, 1, "to saturate", castOf)), "CastLike": raw(op(2, 2, "saturate", castLike)),
	})
}

func constant(c *call) *Tensor {
	c.want(len(c.node.Attributes) == 1, "got %d attributes, want one value", len(c.node.Attributes))
	switch a := &c.node.Attributes[0]; a.Name {
	case "value_float":
		return scalar(a.Float)
	case "value_floats":
		return vector(a.Floats...)
	case "value_int":
		return scalar(a.Int)
	case "value_ints":
		return vector(a.Ints...)
	}
	return c.tensor("value")
}

// tensor returns the tensor in an attribute, nil if there is none.
func (c *call) tensor(name string) *Tensor {
	a := c.typed(name, proto.Dense)
	if a == nil || a.Tensor == nil {
		return nil
	}
	c.reserve(len(a.Tensor.Raw))
	t, err := Decode(a.Tensor)
	if err != nil {
		c.fail("attribute %s: %w", name, err)
	}
	return t
}

func constantOfShape(c *call) *Tensor {
	v := c.tensor("value")
	if v == nil {
		v = scalar(float32(0))
	}
	c.want(v.Size() == 1, "attribute value: got %d elements, want 1", v.Size())
	shape := c.sizes(0)
	c.want(len(shape) <= maxRank, "got %d dimensions, want at most %d", len(shape), maxRank)
	return &Tensor{c.shape(shape...), v.data.strided(shape, make([]int, len(shape)), 0)}
}

func rangeOf(c *call) *Tensor {
	start, limit, delta := c.in(0), c.in(1), c.in(2)
	c.sameType(start, limit)
	c.sameType(start, delta)
	if isFloat(start) {
		from, to, step := c.real(0), c.real(1), c.real(2)
		n := math.Ceil((to - from) / step)
		c.want(n < maxElements && step != 0, "got %v to %v by %v, want fewer than %d numbers", from, to, step, maxElements)
		out := c.made(proto.Float64, int(max(n, 0)))
		for i := range out.data.(list[float64]) {
			out.data.(list[float64])[i] = from + float64(i)*step
		}
		return out.as(start.Type())
	}
	from, to, step := c.ints64(0), c.ints64(1), c.ints64(2)
	c.want(len(from) == 1 && len(to) == 1 && len(step) == 1 && step[0] != 0, "got shapes %v, %v and %v and a step of %v, want scalars and a step other than 0", start.Shape, limit.Shape, delta.Shape, step)
	n := 0
	switch distance := to[0] - from[0]; {
	case step[0] > 0 && to[0] > from[0]:
		n = int((uint64(distance)-1)/uint64(step[0])) + 1
	case step[0] < 0 && to[0] < from[0]:
		n = int((uint64(-distance)-1)/uint64(-step[0])) + 1
	}
	c.want(n >= 0, "got %d to %d by %d, want fewer than %d numbers", from[0], to[0], step[0], maxElements)
	out := c.made(proto.Int64, n)
	for i := range out.data.(list[int64]) {
		out.data.(list[int64])[i] = from[0] + int64(i)*step[0]
	}
	return out.as(start.Type())
}

// elementType returns the attribute that names an element type.
func (c *call) elementType(name string, otherwise proto.ElementType) proto.ElementType {
	a := c.attribute(name)
	if a == nil {
		return otherwise
	}
	to := proto.ElementType(a.Int)
	if a.Kind == proto.String { // before opset 6
		to = map[string]proto.ElementType{"FLOAT": proto.Float32, "DOUBLE": proto.Float64, "FLOAT16": proto.Float16, "INT8": proto.Int8, "INT16": proto.Int16,
			"INT32": proto.Int32, "INT64": proto.Int64, "UINT8": proto.Uint8, "UINT16": proto.Uint16, "UINT32": proto.Uint32, "UINT64": proto.Uint64, "BOOL": proto.Bool}[a.String]
	}
	c.want(blanks[to] != nil, "attribute %s: got elements of %v, want numbers or bools", name, to)
	return to
}

func castOf(c *call) *Tensor { return c.converted(c.in(0), c.elementType("to", 0)) }

func castLike(c *call) *Tensor { return c.converted(c.in(0), c.in(1).Type()) }

func (c *call) converted(x *Tensor, to proto.ElementType) *Tensor {
	c.want(blanks[to] != nil, "got no type, want one")
	c.shape(x.Shape...)
	return x.as(to)
}

func eyeLike(c *call) *Tensor {
	x := c.in(0)
	c.want(len(x.Shape) == 2, "got shape %v, want a matrix", x.Shape)
	k := c.int("k", 0)
	out := c.made(proto.Float32, x.Shape...)
	for r := range x.Shape[0] {
		if col := r + k; col >= 0 && col < x.Shape[1] {
			out.data.(list[float32])[r*x.Shape[1]+col] = 1
		}
	}
	return out.as(c.elementType("dtype", x.Type()))
}

// oneHot sets the element at each index to the on value. An index outside of the depth has none.
func oneHot(c *call) *Tensor {
	indices, values := c.in(0), c.in(2)
	c.want(values.Size() == 2 && c.in(1).Size() == 1, "got %d values and %d depths, want 2 and 1", values.Size(), c.in(1).Size())
	positions, depth := castTo[int64](indices.data), clamp(castTo[int64](c.in(1).data)[0])
	c.want(depth >= 0, "got %d values and depth %d, want the off and the on value", values.Size(), depth)
	axis := c.axisAttribute(-1, len(indices.Shape)+1)
	shape := append(append(append([]int{}, indices.Shape[:axis]...), depth), indices.Shape[axis:]...)
	index := c.index(shape...)
	inner := sizeOf(indices.Shape[axis:])
	for i, p := range positions {
		if p < 0 {
			p += int64(depth)
		}
		if p >= 0 && p < int64(depth) {
			index[(i/inner*depth+int(p))*inner+i%inner] = 1
		}
	}
	return &Tensor{shape, values.data.take(index, nil)}
}
