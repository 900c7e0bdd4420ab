package onnx_test

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// positive adds a value without numbers below 0, such as a variance.
func (s *sketch) positive(kind proto.ElementType, shape ...int) made {
	if kind == proto.Float64 {
		return s.given(kind, filled(count(shape), func() float64 { return 0.1 + s.Float64() }), s.once(2), shape...)
	}
	return s.given(proto.Float32, filled(count(shape), func() float32 { return 0.1 + s.Float32() }), s.once(2), shape...)
}

// normal adds a value of finite numbers.
func (s *sketch) normal(kind proto.ElementType, shape ...int) made {
	if kind == proto.Float64 {
		return s.given(kind, filled(count(shape), s.NormFloat64), s.once(2), shape...)
	}
	return s.given(proto.Float32, filled(count(shape), func() float32 { return float32(s.NormFloat64()) }), s.once(2), shape...)
}

func init() {
	drawing("softmax", func(s *sketch) {
		x := s.of(1, 4, reals...)
		s.add(pick(s, "Softmax", "LogSoftmax", "Softmax", "Hardmax"), []string{x.name}, 1, s.maybe(intAttr("axis", int64(s.axis(len(x.shape)))))...)
	})
	drawing("batch norm", func(s *sketch) {
		kind := pick(s, proto.Float32, proto.Float64)
		x := s.full(2, 4, kind)
		names := []string{x.name}
		for range 3 {
			names = append(names, s.normal(kind, x.shape[1]).name)
		}
		list := s.maybe(floatAttr("epsilon", pick(s, 1e-3, 0.1)))
		s.add("BatchNormalization", append(names, s.positive(kind, x.shape[1]).name), 1, list...)
	})
	drawing("norms", func(s *sketch) {
		kind := pick(s, proto.Float32, proto.Float32, proto.Float64)
		x := s.full(3, 4, kind)
		n := len(x.shape)
		switch pick(s, 0, 1, 2, 3, 4, 5, 6) {
		case 0:
			c := x.shape[1]
			s.add("InstanceNormalization", []string{x.name, s.normal(kind, c).name, s.normal(kind, c).name}, 1, s.maybe(floatAttr("epsilon", 0.01))...)
		case 1:
			a := s.IntN(n)
			names := []string{x.name, s.normal(kind, x.shape[a:]...).name}
			if s.once(2) {
				names = append(names, s.normal(kind, x.shape[a:]...).name)
			}
			s.add("LayerNormalization", names, pick(s, 1, 1, 2, 3), append(s.maybe(floatAttr("epsilon", 0.01)), intAttr("axis", int64(s.signed(a, n))))...)
		case 2:
			groups := s.between(1, 2)
			x = s.image(kind, s.shapeOf(s.between(1, 2)), groups*s.between(1, 3))
			c := x.shape[1]
			if s.opset < 21 {
				c = groups
			}
			s.add("GroupNormalization", []string{x.name, s.normal(kind, c).name, s.normal(kind, c).name}, 1, intAttr("num_groups", int64(groups)))
		case 3:
			s.add("LpNormalization", []string{x.name}, 1, append(s.maybe(intAttr("axis", int64(s.axis(n)))), s.maybe(intAttr("p", int64(s.between(1, 2))))...)...)
		case 4:
			s.add("LRN", []string{x.name}, 1, append(s.maybe(floatAttr("alpha", 0.3)), intAttr("size", int64(pick(s, 1, 3, 5))), floatAttr("bias", 1+s.Float64()))...)
		case 5:
			x = s.image(kind, s.shapeOf(2), 2, 3)
			s.add("MeanVarianceNormalization", []string{x.name}, 1, s.maybe(listAttr("axes", []int{0, 2, s.signed(3, 4)}))...)
		case 6:
			if s.opset >= 12 {
				s.add("Dropout", []string{x.name}, s.between(1, 2))
			} else {
				s.add("Dropout", []string{x.name}, 1, s.maybe(floatAttr("ratio", 0.3))...)
			}
		}
	})
	drawing("recurrent", func(s *sketch) {
		op := pick(s, "LSTM", "GRU", "RNN")
		gates := map[string]int{"LSTM": 4, "GRU": 3, "RNN": 1}[op]
		kind := pick(s, proto.Float32, proto.Float32, proto.Float32, proto.Float64)
		layout := s.opset >= 14 && s.once(5)
		steps, n, in, units := s.between(1, 5), s.between(1, 3), s.between(1, 4), s.between(1, 4)
		direction := pick(s, "forward", "reverse", "bidirectional")
		d := 1
		if direction == "bidirectional" {
			d = 2
		}
		list := s.maybe(intAttr("hidden_size", int64(units)))
		if direction != "forward" || s.once(2) {
			list = append(list, textAttr("direction", direction))
		}
		names := make([]string, 8)
		var x made
		switch {
		case layout:
			if s.batch > 0 {
				n = s.batch
			}
			list = append(list, intAttr("layout", 1))
			x = s.given(kind, s.real(kind, n*steps*in), false, n, steps, in)
		case s.batch > 0 && s.once(4): // time first, as the file says
			n = s.between(1, 3)
			steps = s.batch
			x = s.given(kind, s.real(kind, n*steps*in), false, steps, n, in)
		case s.batch > 0:
			n = s.batch
			v := s.given(kind, s.real(kind, n*steps*in), false, n, steps, in)
			x = s.add("Transpose", []string{v.name}, 1, intsAttr("perm", 1, 0, 2))[0]
		default:
			x = s.given(kind, s.real(kind, n*steps*in), false, steps, n, in)
		}
		names[0] = x.name
		constant := !s.once(4)
		names[1] = s.given(kind, s.real(kind, d*gates*units*in), constant, d, gates*units, in).name
		names[2] = s.given(kind, s.real(kind, d*gates*units*units), constant, d, gates*units, units).name
		if s.once(2) {
			names[3] = s.given(kind, s.real(kind, d*2*gates*units), constant, d, 2*gates*units).name
		}
		if s.once(3) {
			names[4] = s.given(proto.Int32, filled(n, func() int32 { return int32(s.between(1, steps)) }), constant, n).name
		}
		state := []int{d, n, units}
		if layout {
			state = []int{n, d, units}
		}
		if s.once(2) {
			names[5] = s.normal(kind, state...).name
		}
		if op == "LSTM" && s.once(2) {
			names[6] = s.normal(kind, state...).name
		}
		if op == "LSTM" && s.once(3) {
			names[7] = s.given(kind, s.real(kind, d*3*units), constant, d, 3*units).name
		}
		if op == "GRU" && s.once(2) {
			list = append(list, intAttr("linear_before_reset", int64(s.IntN(2))))
		}
		if op == "LSTM" && s.once(4) {
			list = append(list, intAttr("input_forget", int64(s.IntN(2))))
		}
		if s.once(3) {
			list = append(list, floatAttr("clip", 0.3+s.Float64()))
		}
		if s.once(3) {
			list = append(list, s.activations(d*map[string]int{"LSTM": 3, "GRU": 2, "RNN": 1}[op])...)
		}
		outputs := 2
		if op == "LSTM" {
			outputs = 3
		}
		s.add(op, names, s.between(1, outputs), list...)
	})
}

// activations returns n functions with settings.
func (s *sketch) activations(n int) []proto.Attribute {
	var names []string
	for range n {
		names = append(names, pick(s, "Relu", "Tanh", "Sigmoid", "Softsign", "Softplus", "HardSigmoid", "LeakyRelu", "Elu", "ThresholdedRelu", "ScaledTanh", "Affine"))
	}
	var alphas, betas []float32
	for _, name := range names {
		switch name {
		case "HardSigmoid", "ScaledTanh", "Affine":
			alphas, betas = append(alphas, 0.3), append(betas, 0.6)
		case "LeakyRelu", "Elu", "ThresholdedRelu":
			alphas = append(alphas, 0.4)
		}
	}
	list := []proto.Attribute{{Name: "activations", Kind: proto.Strings, Strings: names}}
	if alphas != nil && s.once(2) || slices.Contains(names, "Affine") || slices.Contains(names, "ScaledTanh") || slices.Contains(names, "ThresholdedRelu") {
		list = append(list, proto.Attribute{Name: "activation_alpha", Kind: proto.Floats, Floats: alphas}, proto.Attribute{Name: "activation_beta", Kind: proto.Floats, Floats: betas})
	}
	return list
}

func (s *sketch) real(kind proto.ElementType, n int) any {
	if kind == proto.Float64 {
		return filled(n, func() float64 { return 0.6 * s.NormFloat64() })
	}
	return filled(n, func() float32 { return float32(0.6 * s.NormFloat64()) })
}

// shapeOf returns sizes that are not 0.
func (s *sketch) shapeOf(rank int) []int {
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = s.between(1, 5)
	}
	return shape
}
