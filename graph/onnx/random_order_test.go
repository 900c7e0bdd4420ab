package onnx_test

import (
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// indices returns n positions in a dimension, some counted from the end.
func (s *sketch) indices(n, d int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = s.signed(s.IntN(d), d)
	}
	return list
}

// index adds indices as a value of the given shape.
func (s *sketch) index(shape []int, d int) string {
	kind, list := pick(s, proto.Int64, proto.Int64, proto.Int32), s.indices(count(shape), d)
	if kind == proto.Int64 {
		return s.given(kind, int64s(list), s.once(2), shape...).name
	}
	out := make([]int32, len(list))
	for i, v := range list {
		out[i] = int32(v)
	}
	return s.given(kind, out, s.once(2), shape...).name
}

// full returns a value of at least one element.
func (s *sketch) full(least, most int, kinds ...proto.ElementType) made {
	x := s.of(least, most, kinds...)
	for count(x.shape) == 0 {
		x = s.fresh(s.kind(kinds...), s.shape(s.between(least, most))...)
	}
	return x
}

// fullExactly is full for functions with jumps.
func (s *sketch) fullExactly(least, most int, kinds ...proto.ElementType) made {
	x := s.full(least, most, kinds...)
	for !x.exact || count(x.shape) == 0 {
		x = s.fresh(s.kind(kinds...), s.shape(s.between(least, most))...)
	}
	return x
}

func init() {
	drawing("gather", func(s *sketch) {
		x := s.full(1, 4, allKinds...)
		a := s.IntN(len(x.shape))
		axis := s.maybe(intAttr("axis", int64(s.signed(a, len(x.shape)))))
		if axis == nil {
			a = 0
		}
		s.add("Gather", []string{x.name, s.index(s.shape(s.between(0, 2)), x.shape[a])}, 1, axis...)
	})
	drawing("gather elements", func(s *sketch) {
		x := s.full(1, 4, allKinds...)
		a := s.IntN(len(x.shape))
		shape := slices.Clone(x.shape)
		shape[a] = s.between(1, 4)
		for i := range shape {
			if i != a && s.once(4) && (i > 0 || s.batch == 0) {
				shape[i] = s.between(1, shape[i])
			}
		}
		s.add("GatherElements", []string{x.name, s.index(shape, x.shape[a])}, 1, intAttr("axis", int64(s.signed(a, len(x.shape)))))
	})
	drawing("gather nd", func(s *sketch) {
		x := s.full(1, 4, allKinds...)
		b := 0
		if s.opset >= 12 && len(x.shape) > 1 && s.once(2) {
			b = s.between(1, len(x.shape)-1)
		}
		k := s.between(1, len(x.shape)-b)
		shape := append(slices.Clone(x.shape[:b]), s.shape(s.between(0, 1))...)
		var list []int
		for range count(shape) {
			for i := range k {
				list = append(list, s.signed(s.IntN(x.shape[b+i]), x.shape[b+i]))
			}
		}
		at := s.given(proto.Int64, int64s(list), s.once(2), append(shape, k)...).name
		var attributes []proto.Attribute
		if b > 0 {
			attributes = append(attributes, intAttr("batch_dims", int64(b)))
		}
		s.add("GatherND", []string{x.name, at}, 1, attributes...)
	})
	drawing("scatter elements", func(s *sketch) {
		x := s.full(1, 4, allNumbers...)
		a := s.IntN(len(x.shape))
		reduction := ""
		if s.opset >= 16 && s.once(2) {
			reduction = pick(s, "none", "add", "mul")
			if s.opset >= 18 {
				reduction = pick(s, "none", "add", "mul", "min", "max")
			}
		}
		shape := slices.Clone(x.shape)
		for i := range shape {
			if s.once(4) && (i > 0 || s.batch == 0) {
				shape[i] = s.between(1, shape[i])
			}
		}
		// Positions along the axis are distinct: which of two equal ones wins is left open.
		list := make([]int, count(shape))
		inner := count(shape[a+1:])
		for o := range count(shape[:a]) {
			for i := range inner {
				for k, p := range s.Perm(x.shape[a])[:shape[a]] {
					list[(o*shape[a]+k)*inner+i] = s.signed(p, x.shape[a])
				}
			}
		}
		var attributes []proto.Attribute
		if reduction != "" {
			attributes = append(attributes, textAttr("reduction", reduction))
		}
		attributes = append(attributes, intAttr("axis", int64(s.signed(a, len(x.shape)))))
		op := "ScatterElements"
		if s.opset < 11 {
			op = "Scatter"
		}
		s.add(op, []string{x.name, s.given(proto.Int64, int64s(list), s.once(2), shape...).name, s.fresh(x.kind, shape...).name}, 1, attributes...)
	})
	drawing("scatter nd", func(s *sketch) {
		x := s.full(1, 4, allNumbers...)
		k := s.between(1, len(x.shape))
		n := s.between(1, count(x.shape[:k]))
		var list []int
		for _, p := range s.Perm(count(x.shape[:k]))[:n] {
			at := make([]int, k)
			for i := k - 1; i >= 0; i-- {
				at[i], p = s.signed(p%x.shape[i], x.shape[i]), p/x.shape[i]
			}
			list = append(list, at...)
		}
		var attributes []proto.Attribute
		if s.opset >= 16 {
			attributes = s.maybe(textAttr("reduction", pick(s, "none", "add", "mul")))
			if s.opset >= 18 {
				attributes = s.maybe(textAttr("reduction", pick(s, "none", "add", "mul", "min", "max")))
			}
		}
		at := s.given(proto.Int64, int64s(list), s.once(2), n, k).name
		s.add("ScatterND", []string{x.name, at, s.fresh(x.kind, append([]int{n}, x.shape[k:]...)...).name}, 1, attributes...)
	})
	drawing("compress", func(s *sketch) {
		x := s.full(1, 4, allKinds...)
		a := s.IntN(len(x.shape))
		if s.once(3) {
			s.add("Compress", []string{x.name, s.fresh(proto.Bool, s.between(1, count(x.shape))).name}, 1)
			return
		}
		s.add("Compress", []string{x.name, s.fresh(proto.Bool, s.between(1, x.shape[a])).name}, 1, intAttr("axis", int64(s.signed(a, len(x.shape)))))
	})
	drawing("non-zero", func(s *sketch) { s.add("NonZero", []string{s.exactly(0, 4, allKinds...).name}, 1) })
	drawing("extreme", func(s *sketch) {
		x := s.fullExactly(1, 4, allNumbers...)
		list := s.maybe(intAttr("axis", int64(s.axis(len(x.shape)))))
		list = append(list, s.maybe(intAttr("keepdims", int64(s.IntN(2))))...)
		if s.opset >= 12 && s.once(2) {
			list = append(list, intAttr("select_last_index", int64(s.IntN(2))))
		}
		s.add(pick(s, "ArgMax", "ArgMin"), []string{x.name}, 1, list...)
	})
	drawing("top", func(s *sketch) {
		x := s.fullExactly(1, 4, allNumbers...)
		a := s.IntN(len(x.shape))
		k := s.between(0, x.shape[a])
		if s.once(2) {
			k = max(1, k)
		}
		list := []proto.Attribute{intAttr("axis", int64(s.signed(a, len(x.shape))))}
		if s.opset < 10 {
			s.add("TopK", []string{x.name}, 2, append(list, intAttr("k", int64(k)))...)
			return
		}
		if s.opset >= 11 {
			list = append(list, s.maybe(intAttr("largest", int64(s.IntN(2))))...)
		}
		s.add("TopK", []string{x.name, s.ints(k)}, 2, list...)
	})
	drawing("unique", func(s *sketch) {
		x := s.fullExactly(1, 3, allNumbers...)
		var list []proto.Attribute
		if s.once(2) {
			list = append(list, intAttr("axis", int64(s.axis(len(x.shape)))))
		}
		s.add("Unique", []string{x.name}, 4, append(list, s.maybe(intAttr("sorted", int64(s.IntN(2))))...)...)
	})
	drawing("sum along", func(s *sketch) {
		x := s.of(1, 4, proto.Float32, proto.Float64, proto.Int32, proto.Int64)
		var list []proto.Attribute
		for _, name := range []string{"exclusive", "reverse"} {
			list = append(list, s.maybe(intAttr(name, int64(s.IntN(2))))...)
		}
		s.add("CumSum", []string{x.name, s.int(s.axis(len(x.shape)))}, 1, list...)
	})
	drawing("reduce", func(s *sketch) {
		op := pick(s, "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare")
		x := s.of(0, 4, append(allFloats, proto.Int64, proto.Int32, proto.Int8, proto.Uint8)...)
		if op == "ReduceProd" || strings.Contains(op, "L2") || strings.Contains(op, "Log") { // of integers, onnxruntime rounds otherwise
			x = s.of(0, 4, allFloats...)
		}
		list := s.maybe(intAttr("keepdims", int64(s.IntN(2))))
		from := int64(18)
		if op == "ReduceSum" {
			from = 13
		}
		axes := s.axes(len(x.shape))
		if s.opset < from {
			if len(axes) > 0 {
				list = append(list, listAttr("axes", axes))
			}
			s.add(op, []string{x.name}, 1, list...)
			return
		}
		if s.once(2) {
			list = append(list, intAttr("noop_with_empty_axes", int64(s.IntN(2))))
		}
		names := []string{x.name, ""}
		if s.once(4) {
			axes = nil
		}
		if len(axes) > 0 || s.once(2) {
			names[1] = s.ints(axes...)
		}
		s.add(op, names, 1, list...)
	})
}
