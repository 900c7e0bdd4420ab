package onnx_test

import "github.com/nndiy/nndiy/graph/onnx/internal/proto"

func init() {
	drawing("one hot", func(s *sketch) {
		depth, kind := s.between(1, 5), pick(s, proto.Float32, proto.Int64, proto.Int32, proto.Uint8)
		x := s.index(s.shape(s.between(0, 3)), depth)
		rank := len(s.values[len(s.values)-1].shape)
		list := s.maybe(intAttr("axis", int64(s.signed(s.IntN(rank+1), rank+1))))
		s.add("OneHot", []string{x, s.int(depth), s.fresh(kind, 2).name}, 1, list...)
	})
	drawing("range", func(s *sketch) {
		kind := pick(s, proto.Int64, proto.Int32, proto.Float32, proto.Float64)
		number := func(v float64) string {
			switch kind {
			case proto.Int64:
				return s.given(kind, []int64{int64(v)}, s.once(2)).name
			case proto.Int32:
				return s.given(kind, []int32{int32(v)}, s.once(2)).name
			case proto.Float32:
				return s.given(kind, []float32{float32(v)}, s.once(2)).name
			}
			return s.given(kind, []float64{v}, s.once(2)).name
		}
		a, b := s.between(-5, 5), s.between(-5, 10)
		s.add("Range", []string{number(float64(a)), number(float64(b)), number(float64(pick(s, 1, 2, 3, -1, -2)))}, 1)
	})
	drawing("constants", func(s *sketch) {
		kind := s.kind(allKinds...)
		if s.once(2) {
			x := s.fresh(s.kind(allNumbers...), s.shape(2)...)
			list := s.maybe(intAttr("k", int64(s.between(-3, 3))))
			s.add("EyeLike", []string{x.name}, 1, append(list, s.maybe(intAttr("dtype", int64(pick(s, proto.Float32, proto.Int64, proto.Float64))))...)...)
			return
		}
		value := s.given(kind, s.elements(kind, 1), true, 1)
		var list []proto.Attribute
		for i := range s.model.Graph.Initializers {
			if t := s.model.Graph.Initializers[i]; t.Name == value.name && s.once(2) {
				list = append(list, proto.Attribute{Name: "value", Kind: proto.Dense, Tensor: &t})
			}
		}
		s.add("ConstantOfShape", []string{s.ints(s.shape(s.between(0, 3))...)}, 1, list...)
	})
}
