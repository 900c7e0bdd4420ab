package onnx_test

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// scale adds a list of scales, with zero points of a type.
func (s *sketch) scale(kind proto.ElementType, zero proto.ElementType, shape ...int) (scale, point string) {
	n := count(shape)
	one := func() float64 { return pick(s, 0.5, 0.25, 0.1, 0.03, 1) }
	var data any = filled(n, func() float32 { return float32(one()) })
	if kind == proto.Float64 {
		data = filled(n, one)
	}
	scale = s.given(proto.Float32, data, !s.once(3), shape...).name
	return scale, s.bytes(zero, !s.once(3), shape...)
}

// bytes adds a value of small integers of the type.
func (s *sketch) bytes(kind proto.ElementType, constant bool, shape ...int) string {
	n := count(shape)
	var data any
	switch kind {
	case proto.Int8:
		data = filled(n, func() int8 { return int8(s.between(-20, 20)) })
	case proto.Uint8:
		data = filled(n, func() uint8 { return uint8(s.between(0, 255)) })
	case proto.Int16:
		data = filled(n, func() int16 { return int16(s.between(-2000, 2000)) })
	case proto.Uint16:
		data = filled(n, func() uint16 { return uint16(s.between(0, 60000)) })
	default:
		data = make([]int32, n)
	}
	return s.given(kind, data, constant, shape...).name
}

func init() {
	drawing("quantize", func(s *sketch) {
		x := s.fullExactly(1, 4, proto.Float32)
		kind := pick(s, proto.Uint8, proto.Int8)
		if s.opset >= 21 {
			kind = pick(s, proto.Uint8, proto.Int8, proto.Uint16, proto.Int16)
		}
		if s.opset >= 13 && s.once(2) {
			a := s.IntN(len(x.shape))
			scale, zero := s.scale(x.kind, kind, x.shape[a])
			s.add("QuantizeLinear", []string{x.name, scale, zero}, 1, intAttr("axis", int64(s.signed(a, len(x.shape)))))
			return
		}
		if s.opset >= 21 && s.once(2) {
			a, b := s.IntN(len(x.shape)), s.between(1, 3)
			shape := slices.Clone(x.shape)
			shape[a] = (shape[a] + b - 1) / b
			scale, zero := s.scale(x.kind, kind, shape...)
			s.add("QuantizeLinear", []string{x.name, scale, zero}, 1, intAttr("axis", int64(a)), intAttr("block_size", int64(b)))
			return
		}
		scale, zero := s.scale(x.kind, kind)
		if s.once(3) {
			zero = ""
		}
		s.add("QuantizeLinear", []string{x.name, scale, zero}, 1)
	})
	drawing("dequantize", func(s *sketch) {
		kind := pick(s, proto.Uint8, proto.Int8, proto.Int32)
		x := s.fresh(kind, s.shapeOf(s.between(1, 4))...)
		if s.opset >= 13 && s.once(2) {
			a := s.IntN(len(x.shape))
			scale, zero := s.scale(proto.Float32, kind, x.shape[a])
			if s.once(3) {
				zero = ""
			}
			for range s.add("DequantizeLinear", []string{x.name, scale, zero}, 1, intAttr("axis", int64(s.signed(a, len(x.shape))))) {
				s.values[len(s.values)-1].wild = true // onnxruntime ends at a Transpose behind it
			}
			return
		}
		scale, zero := s.scale(proto.Float32, kind)
		if s.once(3) {
			zero = ""
		}
		s.add("DequantizeLinear", []string{x.name, scale, zero}, 1)
	})
	drawing("quantized", func(s *sketch) {
		k, n, m := s.between(1, 5), s.between(1, 4), s.between(1, 4)
		if s.batch > 0 {
			m = s.batch
		}
		a, b := pick(s, proto.Uint8, proto.Int8), pick(s, proto.Uint8, proto.Int8)
		switch s.IntN(5) {
		case 0:
			s.add("DynamicQuantizeLinear", []string{s.normal(proto.Float32, s.shapeOf(s.between(1, 3))...).name}, 3)
		case 1:
			names := []string{s.bytes(a, false, m, k), s.bytes(b, s.once(2), k, n)}
			if s.once(2) {
				names = append(names, s.bytes(a, true, pick(s, []int{}, []int{1})...))
				if s.once(2) {
					names = append(names, s.bytes(b, true, pick(s, []int{}, []int{n})...))
				}
			}
			s.add("MatMulInteger", names, 1)
		case 2:
			x, z := s.scale(proto.Float32, a)
			y, w := s.scale(proto.Float32, b, pick(s, []int{}, []int{n})...)
			o, p := s.scale(proto.Float32, a)
			s.add("QLinearMatMul", []string{s.bytes(a, false, m, k), x, z, s.bytes(b, true, k, n), y, w, o, p}, 1)
		default:
			w, group := s.window(2, true, false), pick(s, 1, 1, 2)
			per, out := s.between(1, 2), group*s.between(1, 2)
			x := s.bytes(a, false, append([]int{m, group * per}, w.size...)...)
			f := s.bytes(b, true, append([]int{out, per}, w.kernel...)...)
			list := append(w.attributes, intAttr("group", int64(group)))
			if s.once(2) {
				names := []string{x, f}
				if s.once(2) {
					names = append(names, s.bytes(a, true))
				}
				s.add("ConvInteger", names, 1, list...)
				return
			}
			xs, xz := s.scale(proto.Float32, a)
			ws, wz := s.scale(proto.Float32, b, pick(s, []int{}, []int{out})...)
			ys, yz := s.scale(proto.Float32, a)
			names := []string{x, xs, xz, f, ws, wz, ys, yz}
			if s.once(2) {
				names = append(names, s.bytes(proto.Int32, true, out))
			}
			s.add("QLinearConv", names, 1, list...)
		}
	})
}
