package onnx_test

import "github.com/nndiy/nndiy/graph/onnx/internal/proto"

func init() {
	drawing("pad", func(s *sketch) {
		x := s.of(1, 4, allKinds...)
		axes, mode := []int{}, pick(s, "constant", "reflect", "edge", "wrap")
		for i := range x.shape {
			axes = append(axes, i)
		}
		partly := s.opset >= 18 && s.once(2)
		if partly {
			axes = s.axes(len(x.shape))
		}
		pads := make([]int, 2*len(axes))
		for i := range pads {
			d := x.shape[(axes[i%len(axes)]+len(x.shape))%len(x.shape)]
			switch {
			case s.once(3):
			case mode == "reflect":
				pads[i] = s.between(0, max(d-1, 0))
			case mode == "wrap":
				pads[i] = s.between(0, d)
			case s.once(5):
				pads[i] = -s.between(0, d/2)
			default:
				pads[i] = s.between(0, 3)
			}
		}
		list := s.maybe(textAttr("mode", mode))
		if s.opset < 11 {
			list = append(list, listAttr("pads", pads))
			if s.once(2) {
				list = append(list, floatAttr("value", 1.5))
			}
			s.add("Pad", []string{x.name}, 1, list...)
			return
		}
		names := []string{x.name, s.ints(pads...), "", ""}
		if s.once(2) {
			names[2] = s.fresh(x.kind).name
		}
		if partly {
			names[3] = s.ints(axes...)
		}
		s.add("Pad", names, 1, list...)
	})
	drawing("shapes of", func(s *sketch) {
		x := s.of(0, 4, allKinds...)
		if s.once(4) {
			s.add("Size", []string{x.name}, 1)
			return
		}
		var list []proto.Attribute
		if s.opset >= 15 && s.once(2) {
			list = append(list, intAttr("start", int64(s.between(-5, 5))))
			list = append(list, s.maybe(intAttr("end", int64(s.between(-5, 5))))...)
		}
		s.add("Shape", []string{x.name}, 1, list...)
	})
	drawing("blocks", func(s *sketch) {
		b := s.between(1, 3)
		n := max(s.batch, 1)
		if s.once(2) {
			x := s.fresh(s.kind(allKinds...), n, b*b*s.between(1, 2), s.between(1, 3), s.between(1, 3))
			list := []proto.Attribute{intAttr("blocksize", int64(b))}
			if s.opset >= 11 {
				list = append(list, s.maybe(textAttr("mode", pick(s, "DCR", "CRD")))...)
			}
			s.add("DepthToSpace", []string{x.name}, 1, list...)
		} else {
			x := s.fresh(s.kind(allKinds...), n, s.between(1, 3), b*s.between(1, 3), b*s.between(1, 2))
			s.add("SpaceToDepth", []string{x.name}, 1, intAttr("blocksize", int64(b)))
		}
	})
	drawing("trilu", func(s *sketch) {
		x := s.of(2, 4, allKinds...)
		names := []string{x.name, ""}
		if s.once(2) {
			names[1] = s.int(s.between(-4, 4))
		}
		s.add("Trilu", names, 1, s.maybe(intAttr("upper", int64(s.IntN(2))))...)
	})
	drawing("reverse", func(s *sketch) {
		x := s.of(2, 4, allKinds...)
		t := s.IntN(2)
		var list []int
		for range x.shape[1-t] {
			list = append(list, s.between(0, x.shape[t]))
			if x.shape[t] > 0 && list[len(list)-1] == 0 && s.once(2) {
				list[len(list)-1] = 1
			}
		}
		s.add("ReverseSequence", []string{x.name, s.ints(list...)}, 1, intAttr("time_axis", int64(t)), intAttr("batch_axis", int64(1-t)))
	})
}
