package eval

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	windowing := "auto_pad dilations group kernel_shape pads strides"
	register(map[string]operator{
		"QuantizeLinear": op(2, 3, "axis saturate output_dtype block_size", quantizeLinear), "DequantizeLinear": op(2, 3, "axis block_size", dequantizeLinear),
		"DynamicQuantizeLinear": {least: 1, most: 1, run: dynamicQuantize},
		"MatMulInteger":         op(2, 4, "", func(c *call) *Tensor { return c.matMul(c.shifted(0, 2, -2), c.shifted(1, 3, -1)) }),
		"ConvInteger":           op(2, 4, windowing, func(c *call) *Tensor { return c.conv(c.shifted(0, 2, 1), c.shifted(1, 3, 0), nil) }),
		"QLinearMatMul":         op(8, 8, "", qlinearMatMul), "QLinearConv": op(8, 9, windowing, qlinearConv),
	})
}

// along reshapes a vector so that it broadcasts along an axis of n; other tensors stay.
func (c *call) along(t *Tensor, axis int, shape []int) *Tensor {
	if len(t.Shape) != 1 || t.Size() == 1 || len(shape) == 0 {
		return t
	}
	axis = c.axis(axis, len(shape))
	c.want(t.Size() == shape[axis], "got %d numbers for axis %d of shape %v, want one for each element", t.Size(), axis, shape)
	to := slices.Repeat([]int{1}, len(shape))
	to[axis] = t.Size()
	return t.reshaped(to...)
}

// shifted returns input i as int32 after subtracting its zero point, input z, which may have a number for each element of an axis.
func (c *call) shifted(i, z, axis int) *Tensor {
	x := c.in(i).as(proto.Int32)
	c.want(c.in(i).Type().Bytes() == 1, "input %d: got elements of %v, want int8 or uint8", i+1, c.in(i).Type())
	if c.opt(z) == nil {
		return x
	}
	if len(x.Shape) == 1 {
		axis = -1
	}
	zero := c.along(c.in(z).as(proto.Int32), axis, x.Shape)
	return combine(c, x, zero, func(x, z int32) int32 { return x - z })
}

// quantized divides by the scale, rounds, adds the zero point and limits the result to its type.
func (c *call) quantized(x, scale, zero *Tensor) *Tensor {
	kind := zero.Type()
	ends := map[proto.ElementType][2]float64{proto.Uint8: {0, 255}, proto.Int8: {-128, 127}, proto.Uint16: {0, 65535}, proto.Int16: {-32768, 32767}}
	range_, ok := ends[kind]
	c.want(ok, "got a zero point of %v, want int8, uint8, int16 or uint16", kind)
	single := x.Type() == proto.Float32 && scale.Type() == proto.Float32 // rounded as the operator is defined
	q := combine(c, x.as(proto.Float64), scale.as(proto.Float64), func(x, s float64) float64 {
		if single {
			return math.RoundToEven(float64(float32(x) / float32(s)))
		}
		return math.RoundToEven(x / s)
	})
	return combine(c, q, zero.as(proto.Float64), func(q, z float64) float64 { return min(max(q+z, range_[0]), range_[1]) }).as(kind)
}

func quantizeLinear(c *call) *Tensor {
	x, axis := c.in(0), c.int("axis", 1)
	c.want(c.int("block_size", 0) == 0, "attribute block_size: got %d, want 0", c.int("block_size", 0))
	zero := scalar(uint8(0))
	if c.opt(2) != nil {
		zero = c.in(2)
	} else if c.attribute("output_dtype") != nil {
		zero = zero.as(c.elementType("output_dtype", proto.Uint8))
	}
	if x.Type() == proto.Int32 {
		x = x.as(proto.Float32)
	}
	c.want(isFloat(x), "got elements of %v, want floating-point numbers or int32", x.Type())
	return c.quantized(x, c.along(c.in(1), axis, x.Shape), c.along(zero, axis, x.Shape))
}

func dequantizeLinear(c *call) *Tensor {
	x, axis := c.in(0), c.int("axis", 1)
	c.want(c.int("block_size", 0) == 0, "attribute block_size: got %d, want 0", c.int("block_size", 0))
	c.want(!isFloat(x), "got elements of %v, want integers", x.Type())
	y := x.as(proto.Float64)
	if c.opt(2) != nil {
		c.sameType(x, c.in(2))
		y = combine(c, y, c.along(c.in(2).as(proto.Float64), axis, x.Shape), func(x, z float64) float64 { return x - z })
	}
	scale := c.along(c.in(1), axis, x.Shape)
	return combine(c, y, scale.as(proto.Float64), func(x, s float64) float64 { return x * s }).as(scale.Type())
}

// dynamicQuantize chooses scale and zero point so that uint8 covers the elements and 0.
func dynamicQuantize(c *call) []*Tensor {
	x := c.in(0)
	c.want(x.Type() == proto.Float32 && x.Size() > 0, "got %v of shape %v, want float32 and at least one element", x.Type(), x.Shape)
	least, most := float32(0), float32(0)
	for _, v := range x.data.(list[float32]) {
		least, most = min(least, v), max(most, v)
	}
	scale := (most - least) / 255
	zero := uint8(0)
	if scale != 0 {
		zero = uint8(min(max(math.RoundToEven(float64(-least/scale)), 0), 255))
	}
	s, z := scalar(scale), scalar(zero)
	if scale == 0 {
		return []*Tensor{c.made(proto.Uint8, x.Shape...), s, z}
	}
	return []*Tensor{c.quantized(x, s, z), s, z}
}

// requantized scales sums of products of quantized numbers.
func (c *call) requantized(y *Tensor, a, b, out, zero *Tensor) *Tensor {
	real := combine(c, y.as(proto.Float64), a.as(proto.Float64), func(x, s float64) float64 { return x * s })
	real = combine(c, real, b.as(proto.Float64), func(x, s float64) float64 { return x * s })
	return c.quantized(real, out.as(proto.Float64), zero)
}

func qlinearMatMul(c *call) *Tensor {
	y := c.matMul(c.shifted(0, 2, -2), c.shifted(3, 5, -1))
	return c.requantized(y, c.along(c.in(1), -2, y.Shape), c.along(c.in(4), -1, y.Shape), c.in(6), c.in(7))
}

func qlinearConv(c *call) *Tensor {
	y := c.conv(c.shifted(0, 2, 1), c.shifted(3, 5, 0), nil)
	c.checkBias(c.opt(8), y, y.Shape[1])
	return c.requantized(c.biased(y, c.opt(8)), c.in(1), c.along(c.in(4), 1, y.Shape), c.in(6), c.in(7))
}
