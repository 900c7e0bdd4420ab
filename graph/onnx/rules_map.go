package onnx

import (
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// operatorNames are the functions that ONNX has an operator for.
var operatorNames = map[ops.Code]string{
	ops.Neg: "Neg", ops.Sqrt: "Sqrt", ops.Abs: "Abs", ops.Exp: "Exp", ops.Log: "Log", ops.Tanh: "Tanh", ops.Sigmoid: "Sigmoid",
	ops.Erf: "Erf", ops.Sin: "Sin", ops.Cos: "Cos", ops.ReLU: "Relu", ops.Sign: "Sign", ops.Floor: "Floor", ops.Ceil: "Ceil", ops.Round: "Round",
	ops.Reciprocal: "Reciprocal", ops.Copy: "Identity", ops.Add: "Add", ops.Sub: "Sub", ops.Mul: "Mul", ops.Div: "Div",
	ops.Max: "Max", ops.Min: "Min", ops.Pow: "Pow",
}

// elementwise writes an element-wise function of item i's inputs.
func (w *writer) elementwise(i int, m ops.Map) string {
	it := &w.items[i]
	if m.Code == ops.ZeroNaN {
		return w.zeroNaN(it.in[0])
	}
	if v, ok := w.holds(i); ok {
		return w.keepNaN(v, it.in...)
	}
	x := w.value(it.in[0])
	if m.Code.Arity() == 2 {
		y := w.value(it.in[1])
		if name, ok := operatorNames[m.Code]; ok && m.A == 0 {
			return w.node(name, []string{x, y})
		}
		return w.binary(i, m, x, y)
	}
	if name, ok := operatorNames[m.Code]; ok {
		return w.node(name, []string{x})
	}
	do := func(operator string, in ...string) string { return w.node(operator, in) }
	switch m.Code {
	case ops.Square:
		return do("Mul", x, x)
	case ops.Expm1:
		return do("Add", do("Exp", x), w.number(-1))
	case ops.Log1p:
		return do("Log", do("Add", x, w.number(1)))
	case ops.Half:
		return w.roundTrip(x, proto.Float16)
	case ops.BFloat:
		return w.roundTrip(x, proto.BFloat16)
	case ops.Scale:
		return do("Mul", x, w.number(m.A))
	case ops.Shift:
		return do("Add", x, w.number(m.A))
	case ops.Power:
		return do("Pow", x, w.number(m.A))
	case ops.Clip:
		return do("Clip", x, w.limit(m.A), w.limit(m.B))
	case ops.Softplus:
		return w.softplus(x)
	case ops.GELU: // opset 20 has an operator for it
		return do("Mul", do("Mul", x, w.number(0.5)), w.shiftedErf(x))
	case ops.GELUSlope:
		density := do("Mul", do("Exp", do("Mul", do("Mul", x, x), w.number(-0.5))), w.number(1/math.Sqrt(2*math.Pi)))
		return do("Add", do("Mul", w.shiftedErf(x), w.number(0.5)), do("Mul", x, density))
	case ops.LeakyReLU: // the attribute is a float32
		if w.element == proto.Float32 {
			return w.node("LeakyRelu", []string{x}, floatAttribute("alpha", m.A))
		}
		return do("Sub", do("Relu", x), do("Mul", do("Relu", do("Neg", x)), w.number(m.A)))
	case ops.ELU:
		if w.element == proto.Float32 {
			return w.node("Elu", []string{x}, floatAttribute("alpha", m.A))
		}
		below := do("Add", do("Exp", do("Min", x, w.number(0))), w.number(-1))
		return do("Add", do("Relu", x), do("Mul", below, w.number(m.A)))
	}
	return w.fail(i, noForm).value
}

// binary writes a function of two elements that takes several operators.
func (w *writer) binary(i int, m ops.Map, x, y string) string {
	do := func(operator string, in ...string) string { return w.node(operator, in) }
	one, in := w.number(1), w.items[i].in
	// nothing holds where v is 0 and other is a number, so that their product is 0 even if other is infinite
	nothing := func(v, other string) string { return do("And", do("Equal", v, w.number(0)), do("Equal", other, other)) }
	switch m.Code {
	case ops.Pow: // a derivative of Pow, whose factor may be 0 where the power is infinite
		factor := y
		for j := 1.0; j < m.A; j++ {
			factor = do("Mul", factor, do("Add", y, w.number(-j)))
		}
		power := do("Pow", x, do("Add", y, w.number(-m.A)))
		return do("Where", do("Equal", factor, w.number(0)), w.number(0), do("Mul", factor, power))
	case ops.Mod: // C's remainder, plus y where the signs differ
		r := w.node("Mod", []string{x, y}, intAttribute("fmod", 1))
		differ := do("Less", do("Mul", do("Sign", r), do("Sign", y)), w.number(0))
		return do("Where", differ, do("Add", r, y), r)
	case ops.Xlogy: // log(1) where x is 0, so that the product is 0
		return do("Mul", x, do("Log", do("Where", nothing(x, y), one, y)))
	case ops.Xmul:
		return do("Mul", x, do("Where", nothing(x, y), w.number(0), y))
	case ops.Logistic:
		return do("Sub", w.softplus(x), do("Mul", y, do("Where", do("Equal", y, w.number(0)), w.number(0), x)))
	case ops.TanhGrad:
		return do("Mul", x, do("Sub", one, do("Mul", y, y)))
	case ops.SigmoidGrad:
		return do("Mul", x, do("Mul", y, do("Sub", one, y)))
	case ops.ReLUGrad:
		return w.keepNaN(do("Where", do("Greater", y, w.number(0)), x, w.number(0)), in[1])
	case ops.LeakyReLUGrad:
		above := w.boolToFloat(do("Greater", y, w.number(0)))
		slope := do("Add", above, do("Mul", do("Sub", one, above), w.number(m.A)))
		return w.keepNaN(do("Mul", x, slope), in[1])
	}
	return w.fail(i, noForm).value
}

// softplus writes log(1 + exp(x)); ONNX has the operator only for float32.
func (w *writer) softplus(x string) string {
	do := func(operator string, in ...string) string { return w.node(operator, in) }
	if w.element == proto.Float32 {
		return do("Softplus", x)
	}
	return do("Add", do("Relu", x), do("Log", do("Add", do("Exp", do("Neg", do("Abs", x))), w.number(1))))
}

// shiftedErf writes 1 + erf(x/√2).
func (w *writer) shiftedErf(x string) string {
	erf := w.node("Erf", []string{w.node("Mul", []string{x, w.number(1 / math.Sqrt2)})})
	return w.node("Add", []string{erf, w.number(1)})
}

// boolToFloat writes a cast of bools to 1 and 0.
func (w *writer) boolToFloat(v string) string {
	return w.node("Cast", []string{v}, intAttribute("to", int(w.element)))
}

// limit returns the value of a bound of Clip, "" for an infinite one.
func (w *writer) limit(v float64) string {
	if math.IsInf(v, 0) {
		return ""
	}
	return w.number(v)
}

// roundTrip casts to another element type and back.
func (w *writer) roundTrip(x string, to proto.ElementType) string {
	x = w.node("Cast", []string{x}, intAttribute("to", int(to)))
	return w.node("Cast", []string{x}, intAttribute("to", int(w.element)))
}
