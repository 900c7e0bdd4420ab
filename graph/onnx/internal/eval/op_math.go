package eval

import (
	"math"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/kernels"
)

func init() {
	family := map[string]operator{}
	for name, f := range functions {
		family[name] = op(1, 1, "", func(c *call) *Tensor {
			if kernel := singles[name]; kernel != nil && c.in(0).Type() == proto.Float32 {
				return unaryKernel(c, c.in(0), kernel)
			}
			return unaryFloat(c, c.in(0), f)
		})
	}
	for name, f := range settings {
		family[name] = op(1, 1, f.attributes, func(c *call) *Tensor { return unaryFloat(c, c.in(0), f.with(c)) })
	}
	family["LeakyRelu"] = op(1, 1, "alpha", func(c *call) *Tensor {
		a := c.float("alpha", 0.01)
		if c.in(0).Type() == proto.Float32 && a >= 0 && !math.IsInf(a, 1) {
			return unaryKernel(c, c.in(0), func(to, x []float32) { kernels.LeakyReLU(to, x, float32(a)) })
		}
		return unaryFloat(c, c.in(0), leaky(a))
	})
	for _, name := range []string{"Abs", "Neg", "Sign"} {
		family[name] = op(1, 1, "", sign)
	}
	family["Relu"] = op(1, 1, "", relu)
	family["Clip"] = op(1, 3, "min max", clip)
	family["PRelu"] = op(2, 2, "", prelu)
	family["IsNaN"], family["IsInf"] = op(1, 1, "", isNaN), op(1, 1, "detect_negative detect_positive", isInf)
	register(family)
}

// functions are element-wise functions of floating-point numbers. They are computed in float64 and rounded.
var functions = map[string]func(x float64) float64{
	"Exp": math.Exp, "Log": math.Log, "Sqrt": math.Sqrt, "Erf": math.Erf, "Floor": math.Floor, "Ceil": math.Ceil, "Round": math.RoundToEven,
	"Sin": math.Sin, "Cos": math.Cos, "Tan": math.Tan, "Asin": math.Asin, "Acos": math.Acos, "Atan": math.Atan,
	"Sinh": math.Sinh, "Cosh": math.Cosh, "Tanh": math.Tanh, "Asinh": math.Asinh, "Acosh": math.Acosh, "Atanh": math.Atanh,
	"Reciprocal": func(x float64) float64 { return 1 / x }, "Sigmoid": sigmoid, "Softplus": softplus,
	"Softsign":  func(x float64) float64 { return x / (1 + math.Abs(x)) },
	"HardSwish": func(x float64) float64 { return x * min(max(x/6+0.5, 0), 1) },
	"Mish":      func(x float64) float64 { return x * math.Tanh(softplus(x)) },
}

// singles are the functions that the kernels compute in float32, within a few units in the last place.
var singles = map[string]func(to, x []float32){
	"Exp": kernels.Exp[float32], "Log": kernels.Log[float32], "Sqrt": kernels.Sqrt[float32], "Erf": kernels.Erf[float32],
	"Tanh": kernels.Tanh[float32], "Sigmoid": kernels.Sigmoid[float32],
}

// settings are functions with attributes.
var settings = map[string]struct {
	attributes string
	with       func(c *call) func(x float64) float64
}{
	"Elu": {"alpha", func(c *call) func(x float64) float64 { return elu(c.float("alpha", 1)) }},
	"Celu": {"alpha", func(c *call) func(x float64) float64 {
		a := c.float("alpha", 1)
		return func(x float64) float64 { return max(x, 0) + min(a*math.Expm1(x/a), 0) }
	}},
	"Selu": {"alpha gamma", func(c *call) func(x float64) float64 {
		a, g := c.float("alpha", 1.67326319217681884765625), c.float("gamma", 1.05070102214813232421875)
		if c.opset < 6 {
			a, g = c.float("alpha", 1.6732), c.float("gamma", 1.0507)
		}
		f := elu(a)
		return func(x float64) float64 { return g * f(x) }
	}},
	"HardSigmoid": {"alpha beta", func(c *call) func(x float64) float64 {
		a, b := c.float("alpha", 0.2), c.float("beta", 0.5)
		return func(x float64) float64 { return min(max(a*x+b, 0), 1) }
	}},
	"ThresholdedRelu": {"alpha", func(c *call) func(x float64) float64 {
		a := c.float("alpha", 1)
		return func(x float64) float64 {
			if x > a {
				return x
			}
			return 0
		}
	}},
	"Shrink": {"bias lambd", func(c *call) func(x float64) float64 {
		b, l := c.float("bias", 0), c.float("lambd", 0.5)
		return func(x float64) float64 {
			switch {
			case x < -l:
				return x + b
			case x > l:
				return x - b
			}
			return 0
		}
	}},
	"Gelu": {"approximate", func(c *call) func(x float64) float64 {
		switch mode := c.str("approximate", "none"); mode {
		case "tanh":
			return func(x float64) float64 { return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x))) }
		case "none":
		default:
			c.fail("attribute approximate: got %.16q, want none or tanh", mode)
		}
		return func(x float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) }
	}},
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func softplus(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }

func leaky(a float64) func(x float64) float64 {
	return func(x float64) float64 {
		if x < 0 {
			return a * x
		}
		return x
	}
}

func elu(a float64) func(x float64) float64 {
	return func(x float64) float64 {
		if x < 0 {
			return a * math.Expm1(x)
		}
		return x
	}
}

// unaryKernel applies a kernel to a tensor of float32.
func unaryKernel(c *call, t *Tensor, f func(to, x []float32)) *Tensor {
	x, out := t.data.(list[float32]), c.filled(proto.Float32, t.Shape...)
	c.spend(4 * t.Size())
	to := out.data.(list[float32])
	pool().For(len(x), 4096, func(lo, hi int) { f(to[lo:hi], x[lo:hi]) })
	return out
}

// unaryFloat applies f to a tensor of floating-point numbers.
func unaryFloat(c *call, t *Tensor, f func(x float64) float64) *Tensor {
	shape := c.shape(t.Shape...)
	c.spend(4 * t.Size())
	switch x := t.data.(type) {
	case list[float32]:
		out := make(list[float32], len(x))
		pool().For(len(x), 4096, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				out[i] = float32(f(float64(x[i])))
			}
		})
		return &Tensor{shape, out}
	case list[float64]:
		return &Tensor{shape, mapped(x, f)}
	}
	c.unsupported(t)
	return nil
}

var signs = table[func(c *call, t *Tensor) *Tensor]{
	proto.Float32: signOf[float32], proto.Float64: signOf[float64], proto.Int8: signOf[int8], proto.Int16: signOf[int16], proto.Int32: signOf[int32],
	proto.Int64: signOf[int64], proto.Uint8: signOf[uint8], proto.Uint16: signOf[uint16], proto.Uint32: signOf[uint32], proto.Uint64: signOf[uint64],
}

func relu(c *call) *Tensor {
	if x := c.in(0); x.Type() == proto.Float32 {
		return unaryKernel(c, x, kernels.ReLU[float32])
	}
	return sign(c)
}

func sign(c *call) *Tensor { return pick(c, c.in(0), signs)(c, c.in(0)) }

// signOf computes Abs, Neg, Sign, Relu and BitwiseNot of numbers.
func signOf[T number](c *call, t *Tensor) *Tensor {
	x, shape := t.data.(list[T]), c.shape(t.Shape...)
	var f func(v T) T
	switch c.node.Operator {
	case "Abs":
		f = func(v T) T {
			if v < 0 || v == 0 {
				return 0 - v
			}
			return v
		}
		if t.Type() == proto.Float32 || t.Type() == proto.Float64 {
			f = func(v T) T { return T(math.Abs(float64(v))) }
		}
	case "Neg":
		f = func(v T) T { return -v }
	case "Relu":
		f = func(v T) T {
			if v < 0 {
				return 0
			}
			return v
		}
	case "BitwiseNot":
		c.want(!isFloat(t), "got elements of %v, want integers", t.Type())
		f = func(v T) T { return T(^uint64(v)) }
	default:
		f = func(v T) T {
			switch {
			case v > 0:
				return 1
			case v < 0:
				var zero T
				return zero - 1
			}
			return v
		}
	}
	return &Tensor{shape, mapped(x, f)}
}

func isNaN(c *call) *Tensor {
	x := c.in(0)
	c.want(isFloat(x), "got elements of %v, want floating-point numbers", x.Type())
	return &Tensor{c.shape(x.Shape...), mapped(castTo[float64](x.data), math.IsNaN)}
}

func isInf(c *call) *Tensor {
	x := c.in(0)
	c.want(isFloat(x), "got elements of %v, want floating-point numbers", x.Type())
	negative, positive := c.int("detect_negative", 1) != 0, c.int("detect_positive", 1) != 0
	return &Tensor{c.shape(x.Shape...), mapped(castTo[float64](x.data), func(v float64) bool {
		return negative && math.IsInf(v, -1) || positive && math.IsInf(v, 1)
	})}
}
