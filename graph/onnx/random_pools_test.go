package onnx_test

import (
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

var reals = []proto.ElementType{proto.Float32, proto.Float32, proto.Float32, proto.Float64, proto.Float16}

// A windowing is the attributes of a window, for an input with the given spatial sizes.
type windowing struct {
	kernel, size []int
	attributes   []proto.Attribute
}

// window returns attributes that fit.
func (s *sketch) window(n int, dilated, padded bool) windowing {
	w := windowing{}
	var strides, dilations, pads, ends []int
	for range n {
		k, d := s.between(1, 3), 1
		if dilated && s.once(3) {
			d = s.between(2, 3)
		}
		w.kernel, strides, dilations = append(w.kernel, k), append(strides, s.between(1, 3)), append(dilations, d)
		most := k - 1
		if padded && s.once(4) {
			most = k + 1
		}
		pads, ends = append(pads, s.between(0, most)), append(ends, s.between(0, most))
		w.size = append(w.size, (k-1)*d+1+s.between(0, 5))
	}
	if s.once(2) {
		w.attributes = append(w.attributes, listAttr("strides", strides))
	}
	if dilated && s.once(2) {
		w.attributes = append(w.attributes, listAttr("dilations", dilations))
	}
	switch s.IntN(4) {
	case 0:
		mode := pick(s, "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET")
		if !padded && strings.HasPrefix(mode, "SAME") { // of pools and transposed convolutions, onnxruntime forgets the dilations and that the stride may be larger
			w.attributes = nil
		}
		w.attributes = append(w.attributes, textAttr("auto_pad", mode))
	case 1, 2:
		w.attributes = append(w.attributes, listAttr("pads", append(pads, ends...)))
	}
	return w
}

// image returns a value with these spatial sizes, in one of the channels given.
func (s *sketch) image(kind proto.ElementType, size []int, channels ...int) made {
	n := s.batch
	if n == 0 {
		n = s.between(1, 3)
	}
	return s.fresh(kind, append([]int{n, pick(s, channels...)}, size...)...)
}

func init() {
	drawing("conv", func(s *sketch) {
		w, kind, group := s.window(s.between(1, 3), true, true), s.kind(reals...), pick(s, 1, 1, 2, 3)
		per, out := s.between(1, 3), group*s.between(1, 3)
		x := s.image(kind, w.size, group*per)
		list := append(w.attributes, s.maybe(listAttr("kernel_shape", w.kernel))...)
		if group > 1 || s.once(2) {
			list = append(list, intAttr("group", int64(group)))
		}
		names := []string{x.name, s.fresh(kind, append([]int{out, per}, w.kernel...)...).name}
		if s.once(2) {
			names = append(names, s.fresh(kind, out).name)
		}
		s.add("Conv", names, 1, list...)
	})
	drawing("conv transpose", func(s *sketch) {
		n := s.between(1, 3)
		w, kind, group := s.window(n, true, false), s.kind(reals...), pick(s, 1, 1, 2)
		in, per := group*s.between(1, 2), s.between(1, 3)
		x := s.image(kind, w.size, in)
		list := append(w.attributes, s.maybe(listAttr("kernel_shape", w.kernel))...)
		if group > 1 || s.once(2) {
			list = append(list, intAttr("group", int64(group)))
		}
		if s.once(3) {
			more := []int{}
			for range n {
				more = append(more, s.IntN(2))
			}
			list = append(list, listAttr("output_padding", more))
		} else if s.once(4) {
			var to []int
			for _, d := range w.size {
				to = append(to, d+s.between(0, d))
			}
			list = append(list, listAttr("output_shape", to))
		}
		names := []string{x.name, s.fresh(kind, append([]int{in, per}, w.kernel...)...).name}
		if s.once(2) {
			names = append(names, s.fresh(kind, group*per).name)
		}
		s.add("ConvTranspose", names, 1, list...)
	})
	drawing("pool", func(s *sketch) {
		op := pick(s, "MaxPool", "MaxPool", "AveragePool", "AveragePool", "LpPool")
		dilated := op == "MaxPool" && s.opset >= 10 || op == "AveragePool" && s.opset >= 19 || op == "LpPool" && s.opset >= 18
		w, kind := s.window(s.between(1, 3), dilated, false), s.kind(reals...)
		if op == "MaxPool" && s.opset >= 12 && s.once(4) {
			kind = pick(s, proto.Int8, proto.Uint8)
		}
		x := s.image(kind, w.size, 1, 2, 3)
		list := append(w.attributes, listAttr("kernel_shape", w.kernel))
		if s.opset >= 10 && op != "LpPool" || s.opset >= 18 {
			list = append(list, s.maybe(intAttr("ceil_mode", int64(s.IntN(2))))...)
		}
		outputs := 1
		switch op {
		case "AveragePool":
			list = append(list, s.maybe(intAttr("count_include_pad", int64(s.IntN(2))))...)
		case "LpPool":
			list = append(list, s.maybe(intAttr("p", int64(s.between(1, 3))))...)
		default:
			if outputs = s.between(1, 2); outputs == 2 {
				list = append(list, s.maybe(intAttr("storage_order", int64(s.IntN(2))))...)
			}
		}
		s.add(op, []string{x.name}, outputs, list...)
	})
	drawing("global pool", func(s *sketch) {
		op := pick(s, "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool")
		x := s.full(3, 5, reals...)
		var list []proto.Attribute
		if op == "GlobalLpPool" {
			list = s.maybe(intAttr("p", int64(s.between(1, 3))))
		}
		s.add(op, []string{x.name}, 1, list...)
	})
	drawing("matmul", func(s *sketch) {
		x := s.of(1, 4, append(reals, proto.Int32, proto.Int64)...)
		k := x.shape[len(x.shape)-1]
		y := []int{k, s.between(1, 5)}
		switch s.IntN(4) {
		case 0:
			y = []int{k}
		case 1:
			if len(x.shape) > 2 {
				y = append(s.within(x.shape[:len(x.shape)-2]), y...)
			}
		case 2:
			if s.batch == 0 {
				y = append([]int{s.between(1, 3)}, y...)
				if len(x.shape) == 4 {
					y[0] = pick(s, 1, x.shape[1])
				} else if len(x.shape) == 3 {
					y[0] = pick(s, 1, x.shape[0])
				}
			}
		}
		s.add("MatMul", []string{x.name, s.fresh(x.kind, y...).name}, 1)
	})
	drawing("gemm", func(s *sketch) {
		x := s.of(2, 2, reals...)
		var list []proto.Attribute
		m, k := x.shape[0], x.shape[1]
		if s.once(3) {
			list, m, k = append(list, intAttr("transA", 1)), k, m
		}
		n := s.between(1, 5)
		w := []int{k, n}
		if s.once(2) {
			list, w = append(list, intAttr("transB", 1)), []int{n, k}
		}
		names := []string{x.name, s.fresh(x.kind, w...).name}
		if s.opset < 11 || s.once(2) {
			names = append(names, s.fresh(x.kind, pick(s, []int{n}, []int{m, n}, []int{m, 1}, []int{1, n}, []int{1}, []int{})...).name)
		}
		if s.once(3) {
			list = append(list, floatAttr("alpha", s.NormFloat64()))
		}
		if s.once(3) {
			list = append(list, floatAttr("beta", pick(s, 0, 0.5, -2)))
		}
		s.add("Gemm", names, 1, list...)
	})
	drawing("einsum", func(s *sketch) {
		d := map[byte]int{}
		for _, l := range []byte("ijklbh") {
			d[l] = s.between(1, 4)
		}
		if s.batch > 0 {
			d['b'] = s.batch
		}
		equation := pick(s, "bij,bjk->bik", "bij,jk->bik", "bi,bi->b", "bij->bji", "bhij,bhkj->bhik", "bi,bj->bij", "b,b", "bij->b", "bii->bi", "bii->b", "b...,b...->b...", "bij , jk -> bk", "bhi,bhj->ij", "bij,bkj,kl->bil", "bi,i->b")
		var names []string
		var shape []int
		flush := func() {
			names, shape = append(names, s.fresh(pick(s, proto.Float32), shape...).name), nil
		}
		for i := 0; i < len(equation) && equation[i] != '-'; i++ {
			switch c := equation[i]; {
			case c == ',':
				flush()
			case c == '.':
				shape = append(shape, d['i'])
			case c != ' ':
				shape = append(shape, d[c])
			}
		}
		flush()
		s.add("Einsum", names, 1, textAttr("equation", equation))
	})
}
