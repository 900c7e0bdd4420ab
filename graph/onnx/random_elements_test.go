package onnx_test

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

var (
	allFloats  = []proto.ElementType{proto.Float32, proto.Float32, proto.Float32, proto.Float32, proto.Float64, proto.Float16, proto.BFloat16}
	allNumbers = append(slices.Clone(allFloats), proto.Int64, proto.Int32, proto.Int8, proto.Uint8, proto.Int16, proto.Uint16, proto.Uint32, proto.Uint64)
	allKinds   = append(slices.Clone(allNumbers), proto.Bool)
)

// operand returns a value that broadcasts with x.
func (s *sketch) operand(x made, kind proto.ElementType) made {
	return s.any(func(v made) bool { return v.kind == kind && broadcasts(v.shape, x.shape) }, func() made {
		shape := slices.Clone(x.shape)
		if s.once(2) {
			shape = shape[s.IntN(len(shape)+1):]
		}
		for i := range shape {
			if s.once(4) {
				shape[i] = 1
			} else if shape[i] == 1 && s.once(3) {
				shape[i] = s.between(1, 4)
			}
		}
		if s.once(6) && len(shape) < 4 {
			shape = append([]int{max(1, s.batch)}, shape...)
		}
		return s.fresh(kind, shape...)
	})
}

func broadcasts(a, b []int) bool {
	for i := 1; i <= min(len(a), len(b)); i++ {
		if x, y := a[len(a)-i], b[len(b)-i]; x != y && x != 1 && y != 1 {
			return false
		}
	}
	return true
}

func init() {
	drawing("unary", func(s *sketch) {
		op := pick(s, "Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Abs", "Floor", "Ceil", "Round", "Erf", "Sin", "Cos", "Tan", "Sign", "Softplus", "Softsign", "Reciprocal",
			"Neg", "Mish", "HardSwish", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh", "Atanh", "IsNaN", "Identity", "Not")
		kinds := allFloats
		switch op {
		case "Floor", "Ceil", "Round", "Sign", "IsNaN":
			x := s.exactly(0, 4, allFloats...)
			s.add(op, []string{x.name}, 1)
			return
		case "Not":
			kinds = []proto.ElementType{proto.Bool}
		case "Abs", "Neg", "Relu":
			kinds = allNumbers
		case "Identity":
			kinds = allKinds
		}
		s.add(op, []string{s.of(0, 4, kinds...).name}, 1)
	})
	drawing("settings", func(s *sketch) {
		x := s.of(0, 4, allFloats...)
		var list []proto.Attribute
		some := func(name string, v float64) {
			if !s.once(3) {
				list = append(list, floatAttr(name, v))
			}
		}
		op := pick(s, "LeakyRelu", "Elu", "Celu", "Selu", "HardSigmoid", "ThresholdedRelu", "Shrink", "Gelu")
		switch op {
		case "Selu":
			some("alpha", s.NormFloat64())
			some("gamma", 1+s.Float64())
		case "HardSigmoid":
			some("alpha", s.Float64())
			some("beta", s.NormFloat64())
		case "Shrink":
			some("bias", s.NormFloat64())
			some("lambd", s.Float64())
			x = s.exactly(0, 4, allNumbers...)
		case "Gelu":
			if s.once(2) {
				list = append(list, textAttr("approximate", pick(s, "none", "tanh")))
			}
		case "Celu":
			some("alpha", 0.3+s.Float64())
		case "ThresholdedRelu":
			x = s.exactly(0, 4, allFloats...)
			some("alpha", pick(s, -1, 0.5, 1))
		default:
			some("alpha", pick(s, -0.5, 0, 0.3, 1.5, 2))
		}
		s.add(op, []string{x.name}, 1, list...)
	})
	drawing("binary", func(s *sketch) {
		op := pick(s, "Add", "Sub", "Mul", "Div", "Pow", "Add", "Sub", "Mul", "Div", "PRelu")
		kinds := allNumbers
		if op == "PRelu" {
			kinds = []proto.ElementType{proto.Float32, proto.Float64, proto.Int32, proto.Int64, proto.Uint32}
		}
		x := s.of(0, 4, kinds...)
		y := s.operand(x, x.kind)
		if op == "PRelu" {
			for !fitsInto(y.shape, x.shape) {
				y = s.fresh(x.kind, s.within(x.shape)...)
			}
		}
		if op == "Div" && !isFloat(x.kind) { // onnxruntime ends at a division by 0
			y = s.fresh(x.kind, s.within(x.shape)...)
		}
		if op == "Pow" && !isFloat(x.kind) { // a negative power of integers is left open
			y = s.given(x.kind, integer(x.kind, s.between(0, 3)), s.once(2))
		} else if op == "Pow" {
			y = s.fresh(pick(s, x.kind, proto.Float32, proto.Int64), s.within(x.shape)...)
			if s.once(2) {
				y = s.fresh(pick(s, x.kind, proto.Float32, proto.Int64))
			}
		} else if s.once(3) && op != "PRelu" && op != "Div" {
			x, y = y, x
		}
		s.add(op, []string{x.name, y.name}, 1)
	})
	drawing("mod", func(s *sketch) {
		x := s.exactly(0, 4, allNumbers...)
		y := s.fresh(x.kind, s.within(x.shape)...)
		var list []proto.Attribute
		if isFloat(x.kind) || s.once(3) {
			list = append(list, intAttr("fmod", 1))
		} else if s.once(2) {
			list = append(list, intAttr("fmod", 0))
		}
		s.add("Mod", []string{x.name, y.name}, 1, list...)
	})
	drawing("bits", func(s *sketch) {
		x := s.of(0, 4, proto.Uint8, proto.Uint32, proto.Uint64, proto.Int32, proto.Int64, proto.Int8)
		switch op := pick(s, "BitwiseAnd", "BitwiseOr", "BitwiseXor", "BitwiseNot", "BitShift"); op {
		case "BitwiseNot":
			s.add(op, []string{x.name}, 1)
		case "BitShift":
			x = s.of(0, 4, proto.Uint8, proto.Uint32, proto.Uint64)
			y := s.fresh(x.kind, s.within(x.shape)...)
			s.add(op, []string{x.name, y.name}, 1, textAttr("direction", pick(s, "LEFT", "RIGHT")))
		default:
			s.add(op, []string{x.name, s.operand(x, x.kind).name}, 1)
		}
	})
	drawing("compare", func(s *sketch) {
		op := pick(s, "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual")
		x := s.exactly(0, 4, allNumbers...)
		if op == "Equal" {
			x = s.exactly(0, 4, allKinds...)
		}
		y := s.operand(x, x.kind)
		if !y.exact {
			y = s.fresh(x.kind, s.within(x.shape)...)
		}
		s.add(op, []string{x.name, y.name}, 1)
	})
	drawing("logic", func(s *sketch) {
		x := s.of(0, 4, proto.Bool)
		s.add(pick(s, "And", "Or", "Xor"), []string{x.name, s.operand(x, proto.Bool).name}, 1)
	})
	drawing("folded", func(s *sketch) {
		op, kinds := pick(s, "Max", "Min", "Sum", "Mean"), allNumbers
		if op == "Sum" || op == "Mean" {
			kinds = allFloats
		}
		x := s.of(0, 4, kinds...)
		names := []string{x.name}
		for len(names) < 4 && !s.once(3) {
			names = append(names, s.fresh(x.kind, s.within(x.shape)...).name)
		}
		s.add(op, names, 1)
	})
	drawing("where", func(s *sketch) {
		x := s.of(0, 4, allKinds...)
		y := s.operand(x, x.kind)
		s.add("Where", []string{s.fresh(proto.Bool, s.within(x.shape)...).name, x.name, y.name}, 1)
	})
	drawing("clip", func(s *sketch) {
		x := s.of(0, 4, allNumbers...)
		if s.opset < 11 {
			var list []proto.Attribute
			if s.once(2) {
				list = append(list, floatAttr("min", -1))
			}
			if s.once(2) {
				list = append(list, floatAttr("max", pick(s, 1.0, -2, 0)))
			}
			s.add("Clip", []string{x.name}, 1, list...)
			return
		}
		names := []string{x.name, "", ""}
		for i := 1; i < 3; i++ {
			if !s.once(4) {
				names[i] = s.fresh(x.kind).name
			}
		}
		s.add("Clip", names, 1)
	})
	drawing("cast", func(s *sketch) {
		x := s.exactly(0, 4, allKinds...)
		s.add("Cast", []string{x.name}, 1, intAttr("to", int64(s.target(x))))
	})
}

// within returns a shape that broadcasts to the given one.
func (s *sketch) within(shape []int) []int {
	out := slices.Clone(shape)
	if s.once(3) {
		out = out[s.IntN(len(out)+1):]
	}
	for i := range out {
		if s.once(4) {
			out[i] = 1
		}
	}
	return out
}

func fitsInto(a, b []int) bool {
	if len(a) > len(b) {
		return false
	}
	for i := 1; i <= len(a); i++ {
		if a[len(a)-i] != b[len(b)-i] && a[len(a)-i] != 1 {
			return false
		}
	}
	return true
}
