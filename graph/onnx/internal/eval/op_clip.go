package eval

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

var clips = table[func(c *call, t, lo, hi *Tensor) *Tensor]{
	proto.Float64: clipped[float64], proto.Int8: clipped[int8], proto.Int16: clipped[int16], proto.Int32: clipped[int32],
	proto.Int64: clipped[int64], proto.Uint8: clipped[uint8], proto.Uint16: clipped[uint16], proto.Uint32: clipped[uint32], proto.Uint64: clipped[uint64],
}

// clip limits elements to an interval. Before opset 11 its ends are attributes.
func clip(c *call) *Tensor {
	x := c.in(0)
	ends := c.bounds(x)
	if x.Type() == proto.Float32 {
		least, most := c.ends(x)
		if least != least || most != most { // all of the result is NaN, as in PyTorch
			return unaryKernel(c, x, func(to, _ []float32) {
				for i := range to {
					to[i] = least + most
				}
			})
		}
		return unaryKernel(c, x, func(to, x []float32) { kernels.Clip(to, x, least, most) })
	}
	return pick(c, x, clips)(c, x, ends[0], ends[1])
}

// bounds returns the ends of the interval; nil ones are omitted.
func (c *call) bounds(x *Tensor) [2]*Tensor {
	ends := [2]*Tensor{c.opt(1), c.opt(2)}
	for i, name := range []string{"min", "max"} {
		if c.opset < 11 && c.attribute(name) != nil {
			ends[i] = scalar(c.float(name, 0)).as(x.Type())
		}
		if ends[i] != nil {
			c.sameType(x, ends[i])
			c.want(ends[i].Size() == 1, "%s: got shape %v, want a scalar", name, ends[i].Shape)
		}
	}
	return ends
}

// ends returns the ends of the interval of a tensor of float32.
func (c *call) ends(x *Tensor) (least, most float32) {
	ends := c.bounds(x)
	least, most = float32(math.Inf(-1)), float32(math.Inf(1))
	for i, end := range []*float32{&least, &most} {
		if ends[i] != nil {
			*end = ends[i].data.(list[float32])[0]
		}
	}
	return least, most
}

func clipped[T number](c *call, t, lo, hi *Tensor) *Tensor {
	var f func(v T) T = func(v T) T { return v }
	if lo != nil {
		least := lo.data.(list[T])[0]
		f = func(v T) T {
			if v < least || least != least {
				return least
			}
			return v
		}
	}
	if hi != nil {
		below, most := f, hi.data.(list[T])[0]
		f = func(v T) T {
			if v = below(v); v > most || most != most {
				return most
			}
			return v
		}
	}
	return &Tensor{c.shape(t.Shape...), mapped(t.data.(list[T]), f)}
}

// prelu multiplies negative elements by a slope, which is broadcast.
func prelu(c *call) *Tensor {
	x, slope := c.in(0), c.in(1)
	if c.opset < 7 && len(slope.Shape) == 1 && len(x.Shape) > 2 { // one slope a channel
		shape := make([]int, len(x.Shape)-1)
		for i := range shape {
			shape[i] = 1
		}
		shape[0] = slope.Size()
		slope = slope.reshaped(shape...)
	}
	c.sameType(x, slope)
	return pick(c, x, slopes)(c, x, slope)
}

var slopes = table[func(c *call, a, b *Tensor) *Tensor]{
	proto.Float32: sloped[float32], proto.Float64: sloped[float64], proto.Int32: sloped[int32], proto.Int64: sloped[int64],
	proto.Uint32: sloped[uint32], proto.Uint64: sloped[uint64],
}

func sloped[T number](c *call, a, b *Tensor) *Tensor {
	return combine(c, a, b, func(x, s T) T {
		if x < 0 {
			return s * x
		}
		return x
	})
}
