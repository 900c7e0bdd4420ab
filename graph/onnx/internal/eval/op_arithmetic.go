package eval

import (
	"math"
	"math/bits"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	old := "axis broadcast"
	register(map[string]operator{
		"Add": op(2, 2, old, arithmetic), "Sub": op(2, 2, old, arithmetic), "Mul": op(2, 2, old, arithmetic), "Div": op(2, 2, old, arithmetic),
		"Pow": op(2, 2, old, pow), "Mod": op(2, 2, "fmod", arithmetic), "BitShift": op(2, 2, "direction", arithmetic),
		"Max": op(1, many, "", folded), "Min": op(1, many, "", folded), "Sum": op(1, many, "", folded), "Mean": op(1, many, "", mean),
		"Equal": op(2, 2, old, comparison), "Greater": op(2, 2, old, comparison), "Less": op(2, 2, old, comparison),
		"GreaterOrEqual": op(2, 2, "", comparison), "LessOrEqual": op(2, 2, "", comparison),
		"And": op(2, 2, old, logic), "Or": op(2, 2, old, logic), "Xor": op(2, 2, old, logic), "Not": op(1, 1, "", not),
		"BitwiseAnd": op(2, 2, "", arithmetic), "BitwiseOr": op(2, 2, "", arithmetic), "BitwiseXor": op(2, 2, "", arithmetic), "BitwiseNot": op(1, 1, "", sign),
		"Where": op(3, 3, "", where),
	})
}

// operands returns two inputs. Before opset 7, the second is broadcast only on request, from a given axis on.
func (c *call) operands() (a, b *Tensor) {
	a, b = c.in(0), c.in(1)
	if c.opset >= 7 {
		return a, b
	}
	if !c.flag("broadcast") {
		same := len(a.Shape) == len(b.Shape)
		for i := 0; same && i < len(a.Shape); i++ {
			same = a.Shape[i] == b.Shape[i]
		}
		c.want(same, "got shapes %v and %v, want equal shapes or the attribute broadcast", a.Shape, b.Shape)
		return a, b
	}
	if c.attribute("axis") != nil {
		after := len(a.Shape) - c.axisAttribute(0, max(len(a.Shape), 1)) - len(b.Shape)
		c.want(after >= 0, "got shape %v at axis %d of shape %v, want a part of it", b.Shape, c.int("axis", 0), a.Shape)
		shape := append([]int{}, b.Shape...)
		for range after {
			shape = append(shape, 1)
		}
		b = b.reshaped(shape...)
	}
	return a, b
}

var arithmetics = table[func(c *call, a, b *Tensor) *Tensor]{
	proto.Float32: compute[float32], proto.Float64: compute[float64], proto.Int8: compute[int8], proto.Int16: compute[int16], proto.Int32: compute[int32],
	proto.Int64: compute[int64], proto.Uint8: compute[uint8], proto.Uint16: compute[uint16], proto.Uint32: compute[uint32], proto.Uint64: compute[uint64],
}

func arithmetic(c *call) *Tensor {
	a, b := c.operands()
	c.sameType(a, b)
	return pick(c, a, arithmetics)(c, a, b)
}

// compute applies the node's operator to numbers.
func compute[T number](c *call, a, b *Tensor) *Tensor {
	name := c.node.Operator
	if k, ok := arithmeticKernels[name]; ok && a.Type() == proto.Float32 {
		return k.compute(c, a, b)
	}
	var z T
	whole := isInteger(z)
	switch name {
	case "Add", "Sum":
		return combine(c, a, b, func(x, y T) T { return x + y })
	case "Sub":
		return combine(c, a, b, func(x, y T) T { return x - y })
	case "Mul":
		return combine(c, a, b, func(x, y T) T { return x * y })
	case "Div":
		return combine(c, a, b, func(x, y T) T {
			c.want(!whole || y != 0, "got a division by 0, want another divisor")
			return x / y
		})
	case "Mod":
		return modulo[T](c, a, b)
	case "Max":
		return combine(c, a, b, func(x, y T) T { // keeps NaN
			if x > y || x != x {
				return x
			}
			return y
		})
	case "Min":
		return combine(c, a, b, func(x, y T) T {
			if x < y || x != x {
				return x
			}
			return y
		})
	}
	c.want(whole, "got elements of %v, want integers", a.Type())
	width := a.Type().Bytes() * 8
	switch name {
	case "BitShift":
		left := c.str("direction", "") == "LEFT"
		c.want(left || c.str("direction", "") == "RIGHT", "attribute direction: got %.16q, want LEFT or RIGHT", c.str("direction", ""))
		return combine(c, a, b, func(x, y T) T {
			k := uint(min(uint64(y), uint64(width)))
			if left {
				return T(uint64(x) << k)
			}
			return T(uint64(x) >> k)
		})
	case "BitwiseAnd":
		return combine(c, a, b, func(x, y T) T { return T(uint64(x) & uint64(y)) })
	case "BitwiseOr":
		return combine(c, a, b, func(x, y T) T { return T(uint64(x) | uint64(y)) })
	}
	return combine(c, a, b, func(x, y T) T { return T(uint64(x) ^ uint64(y)) })
}

// modulo has the sign of the divisor, or with fmod that of the dividend.
func modulo[T number](c *call, a, b *Tensor) *Tensor {
	var z T
	signed := c.flag("fmod")
	if !isInteger(z) {
		c.want(signed, "attribute fmod: got 0, want 1 for floating-point numbers")
		return combine(c, a, b, func(x, y T) T { return T(math.Mod(float64(x), float64(y))) })
	}
	return combine(c, a, b, func(x, y T) T {
		c.want(y != 0, "got a division by 0, want another divisor")
		r := x - x/y*y
		if !signed && r != 0 && (r < 0) != (y < 0) {
			r += y
		}
		return r
	})
}

// pow raises to a power that may have another type. The result has the first type.
func pow(c *call) *Tensor {
	a, b := c.operands()
	if !isFloat(a) && !isFloat(b) {
		return cast64(a, combine(c, a.as(proto.Int64), b.as(proto.Int64), power))
	}
	if b.Type() != proto.Float64 {
		b = b.as(proto.Float64)
	}
	if n := b.data.(list[float64]); len(n) == 1 && n[0] == 2 && a.Type() == proto.Float32 && len(b.Shape) <= len(a.Shape) {
		return unaryKernel(c, a, kernels.Square[float32])
	}
	return combine(c, a.as(proto.Float64), b, math.Pow).as(a.Type())
}

// cast64 converts a result back to a tensor's type.
func cast64(like, t *Tensor) *Tensor { return t.as(like.Type()) }

// power is x to the power of n for integers, whose overflow wraps around.
func power(x, n int64) int64 {
	if n < 0 {
		switch x {
		case 1:
			return 1
		case -1:
			return 1 - 2*(n&1)
		}
		return 0
	}
	out := int64(1)
	for range bits.Len64(uint64(n)) {
		if n&1 != 0 {
			out *= x
		}
		x *= x
		n >>= 1
	}
	return out
}

func isFloat(t *Tensor) bool {
	return t.Type() == proto.Float32 || t.Type() == proto.Float64 || isHalf(t.Type())
}

// folded applies the operator to any number of tensors.
func folded(c *call) *Tensor {
	out := c.in(0)
	f := pick(c, out, arithmetics)
	if len(c.inputs) == 1 {
		return out.clone()
	}
	for i := 1; i < len(c.inputs); i++ {
		c.sameType(out, c.in(i))
		out = f(c, out, c.in(i))
	}
	return out
}

func mean(c *call) *Tensor {
	out := c.in(0)
	for i := 1; i < len(c.inputs); i++ {
		c.sameType(out, c.in(i))
		out = pick(c, out, sums)(c, out, c.in(i))
	}
	n := float64(len(c.inputs))
	return unaryFloat(c, out, func(v float64) float64 { return v / n })
}

var sums = table[func(c *call, a, b *Tensor) *Tensor]{proto.Float32: sum[float32], proto.Float64: sum[float64]}

func sum[T number](c *call, a, b *Tensor) *Tensor {
	return combine(c, a, b, func(x, y T) T { return x + y })
}
