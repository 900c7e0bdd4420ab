package onnx_test

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// axis returns an axis of n dimensions, sometimes counted from the end.
func (s *sketch) axis(n int) int {
	if n == 0 {
		return 0
	}
	return s.signed(s.IntN(n), n)
}

// signed counts an axis from the end sometimes.
func (s *sketch) signed(axis, n int) int {
	if s.once(3) && s.opset >= 11 {
		return axis - n
	}
	return axis
}

// axes returns some axes of n dimensions.
func (s *sketch) axes(n int) []int {
	list := []int{}
	for _, a := range s.Perm(n) {
		if s.once(2) {
			list = append(list, s.signed(a, n))
		}
	}
	if s.once(2) {
		slices.Sort(list)
	}
	return list
}

// attribute returns a list with the attribute, or none sometimes.
func (s *sketch) maybe(a proto.Attribute) []proto.Attribute {
	if s.once(4) {
		return nil
	}
	return []proto.Attribute{a}
}

// factors returns a shape with n elements.
func (s *sketch) factors(n int) []int {
	shape := []int{}
	for n > 1 && len(shape) < 4 {
		var list []int
		for d := 1; d <= n; d++ {
			if n%d == 0 {
				list = append(list, d)
			}
		}
		d := pick(s, list...)
		shape, n = append(shape, d), n/d
	}
	return append(shape, n)
}

func init() {
	drawing("reshape", func(s *sketch) {
		x := s.of(0, 4, allKinds...)
		to := s.factors(count(x.shape))
		if s.batch > 0 && len(x.shape) > 0 && x.shape[0] == s.batch && s.once(2) {
			to = append([]int{s.batch}, s.factors(count(x.shape[1:]))...)
		}
		var list []proto.Attribute
		if s.once(5) && s.opset >= 14 {
			list = append(list, intAttr("allowzero", 1))
		} else {
			for i := range to {
				if i < len(x.shape) && to[i] == x.shape[i] && s.once(2) {
					to[i] = 0
				}
			}
		}
		if s.once(2) && count(x.shape) > 0 {
			to[s.IntN(len(to))] = -1
		}
		s.add("Reshape", []string{x.name, s.ints(to...)}, 1, list...)
	})
	drawing("flatten", func(s *sketch) {
		x := s.of(0, 4, allKinds...)
		s.add("Flatten", []string{x.name}, 1, s.maybe(intAttr("axis", int64(s.signed(s.IntN(len(x.shape)+1), len(x.shape)))))...)
	})
	drawing("squeeze", func(s *sketch) {
		x := s.fresh(s.kind(allKinds...), s.ones(s.between(1, 4))...)
		var list []int
		for i, d := range x.shape {
			if d == 1 && s.once(2) {
				list = append(list, s.signed(i, len(x.shape)))
			}
		}
		switch {
		case len(list) == 0:
			s.add("Squeeze", []string{x.name}, 1)
		case s.opset < 13:
			s.add("Squeeze", []string{x.name}, 1, listAttr("axes", list))
		default:
			s.add("Squeeze", []string{x.name, s.ints(list...)}, 1)
		}
	})
	drawing("unsqueeze", func(s *sketch) {
		x, n := s.of(0, 3, allKinds...), s.between(1, 2)
		var list []int
		for _, a := range s.Perm(len(x.shape) + n)[:n] {
			list = append(list, s.signed(a, len(x.shape)+n))
		}
		if s.opset < 13 {
			s.add("Unsqueeze", []string{x.name}, 1, listAttr("axes", list))
		} else {
			s.add("Unsqueeze", []string{x.name, s.ints(list...)}, 1)
		}
	})
	drawing("transpose", func(s *sketch) {
		x := s.of(0, 5, allKinds...)
		perm := s.Perm(len(x.shape))
		if s.batch > 0 && len(perm) > 0 && s.once(2) {
			i := slices.Index(perm, 0)
			perm[0], perm[i] = perm[i], perm[0]
		}
		s.add("Transpose", []string{x.name}, 1, s.maybe(listAttr("perm", perm))...)
	})
	drawing("expand", func(s *sketch) {
		x := s.fresh(s.kind(allKinds...), s.ones(s.between(0, 4))...)
		to := slices.Clone(x.shape)
		for i := range to {
			if to[i] == 1 && s.once(2) {
				to[i] = s.between(1, 4)
			} else if s.once(3) {
				to[i] = 1
			}
		}
		if s.once(3) {
			to = append([]int{s.between(1, 3)}, to...)
		} else if s.once(4) {
			to = to[s.IntN(len(to)+1):]
		}
		s.add("Expand", []string{x.name, s.ints(to...)}, 1)
	})
	drawing("concat", func(s *sketch) {
		x := s.of(1, 4, allKinds...)
		axis, names := s.IntN(len(x.shape)), []string{x.name}
		for len(names) < 4 && !s.once(3) {
			shape := slices.Clone(x.shape)
			shape[axis] = s.between(1, 4)
			names = append(names, s.fresh(x.kind, shape...).name)
		}
		slices.Reverse(names)
		s.add("Concat", names, 1, intAttr("axis", int64(s.signed(axis, len(x.shape)))))
	})
	drawing("split", func(s *sketch) {
		x := s.of(1, 4, allKinds...)
		axis := s.IntN(len(x.shape))
		size, list := x.shape[axis], s.maybe(intAttr("axis", int64(s.signed(axis, len(x.shape)))))
		if list == nil {
			size = x.shape[0]
		}
		if s.once(2) {
			var parts []int
			for left := size; left > 0; left -= parts[len(parts)-1] {
				parts = append(parts, s.between(1, left))
			}
			if s.once(5) || parts == nil {
				parts = append(parts, 0)
			}
			if s.opset < 13 {
				s.add("Split", []string{x.name}, len(parts), append(list, listAttr("split", parts))...)
			} else {
				s.add("Split", []string{x.name, s.ints(parts...)}, len(parts), list...)
			}
			return
		}
		n := s.between(1, max(size, 1))
		if s.opset >= 18 {
			list = append(list, intAttr("num_outputs", int64(n)))
		} else if size%n != 0 {
			n = 1
		}
		s.add("Split", []string{x.name}, n, list...)
	})
	drawing("slice", func(s *sketch) {
		x := s.of(1, 4, allKinds...)
		axes := s.axes(len(x.shape))
		if s.batch > 0 && s.once(2) {
			axes = []int{len(x.shape) - 1}
		}
		var starts, ends, steps []int
		bound := func(n int) int {
			if s.once(6) {
				return pick(s, math.MaxInt64, math.MinInt64+1, math.MaxInt32, -100)
			}
			return s.between(-n-1, n+1)
		}
		for _, a := range axes {
			n := x.shape[(a+len(x.shape))%len(x.shape)]
			starts, ends, steps = append(starts, bound(n)), append(ends, bound(n)), append(steps, pick(s, 1, 1, 2, 3, -1, -1, -2, 100, -100, math.MaxInt64))
			if i := len(ends) - 1; steps[i] < 0 && ends[i] >= math.MaxInt32 { // which onnxruntime takes for the smallest integer
				ends[i] = math.MinInt64 + 1
			}
		}
		if s.opset < 10 {
			s.add("Slice", []string{x.name}, 1, listAttr("axes", axes), listAttr("starts", starts), listAttr("ends", ends))
			return
		}
		names := []string{x.name, s.ints(starts...), s.ints(ends...)}
		inOrder := true
		for i, a := range axes {
			inOrder = inOrder && a == i
		}
		if inOrder && s.once(2) {
			names = append(names, "")
		} else {
			names = append(names, s.ints(axes...))
		}
		if !s.once(3) {
			names = append(names, s.ints(steps...))
		}
		s.add("Slice", names, 1)
	})
	drawing("tile", func(s *sketch) {
		x := s.of(0, 4, allKinds...)
		var list []int
		for range x.shape {
			list = append(list, pick(s, 1, 1, 1, 2, 3, 0))
		}
		s.add("Tile", []string{x.name, s.ints(list...)}, 1)
	})
}

// ones returns a shape with many ones.
func (s *sketch) ones(rank int) []int {
	shape := s.shape(rank)
	for i := range shape {
		if s.once(2) && (i > 0 || s.batch == 0) {
			shape[i] = 1
		}
	}
	return shape
}
