package onnx_test

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func init() {
	drawing("resize", func(s *sketch) {
		n, mode := s.between(1, 3), pick(s, "nearest", "linear", "cubic")
		kind := pick(s, proto.Float32, proto.Float32, proto.Float32, proto.Float64, proto.Uint8, proto.Int8, proto.Int32)
		if mode == "linear" && !isFloat(kind) { // onnxruntime truncates
			kind = proto.Float32
		}
		if mode == "cubic" {
			n = 2
			if kind != proto.Float64 {
				kind = proto.Float32
			}
		}
		size := s.shapeOf(n)
		x := s.image(kind, size, 1, 2)
		var list []proto.Attribute
		if mode != "nearest" || s.once(2) {
			list = append(list, textAttr("mode", mode))
		}
		way := pick(s, "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_half_pixel_for_nn", "half_pixel_symmetric")
		scales, sizes := []float32{1, 1}, []int{x.shape[0], x.shape[1]}
		for _, d := range size {
			to := s.between(1, 2*d+1)
			sizes = append(sizes, to)
			scale := float32(to) / float32(d)
			if s.once(2) && way != "align_corners" { // onnxruntime rounds the size first
				scale = max(pick[float32](s, 0.5, 2, 3, 0.7, 1.3, 1), 1/float32(d))
			}
			if int(float32(d)*scale) == d { // onnxruntime then returns the input
				scale = 1
			}
			scales = append(scales, scale)
		}
		if s.opset <= 10 { // where onnxruntime has other elements of smaller images than ONNX's converter
			for i := range scales {
				scales[i] = max(1, scales[i])
			}
		}
		if s.opset < 10 {
			up := s.given(proto.Float32, scales, true, len(scales)).name
			if mode == "cubic" {
				return
			}
			s.add("Upsample", []string{x.name, up}, 1, list...)
			return
		}
		if s.opset == 10 {
			if mode != "cubic" {
				s.add("Resize", []string{x.name, s.given(proto.Float32, scales, !s.once(4), len(scales)).name}, 1, list...)
			}
			return
		}
		if way == "half_pixel_symmetric" && (s.opset < 19 || mode == "nearest") || way == "tf_half_pixel_for_nn" && s.opset > 11 {
			way = "asymmetric"
		}
		if way != "half_pixel" || s.once(2) {
			list = append(list, textAttr("coordinate_transformation_mode", way))
		}
		if mode == "nearest" {
			list = append(list, s.maybe(textAttr("nearest_mode", pick(s, "round_prefer_floor", "round_prefer_ceil", "floor", "ceil")))...)
		}
		if mode == "cubic" {
			list = append(list, s.maybe(floatAttr("cubic_coeff_a", pick(s, -0.5, -0.75)))...)
			list = append(list, s.maybe(intAttr("exclude_outside", int64(s.IntN(2))))...)
		}
		axes := []int{}
		if s.opset >= 18 && s.once(2) {
			for i := range n {
				axes = append(axes, s.signed(2+i, 2+n))
			}
			list, scales, sizes = append(list, listAttr("axes", axes)), scales[2:], sizes[2:]
		}
		if s.opset >= 18 && s.once(3) && mode != "nearest" {
			list = append(list, intAttr("antialias", int64(s.IntN(2))))
		}
		names := []string{x.name, "", "", ""}
		if s.once(2) {
			names[2] = s.given(proto.Float32, scales, !s.once(4), len(scales)).name
		} else {
			names[3] = s.ints(sizes...)
			if s.opset >= 18 && s.once(3) && (len(axes) == 0 || slices.Min(axes) >= 0) {
				list = append(list, textAttr("keep_aspect_ratio_policy", pick(s, "stretch", "not_larger", "not_smaller")))
			}
		}
		s.add("Resize", names, 1, list...)
	})
	drawing("grid", func(s *sketch) {
		x := s.image(proto.Float32, s.shapeOf(2), 1, 2)
		to := s.shapeOf(2)
		grid := s.given(proto.Float32, filled(x.shape[0]*to[0]*to[1]*2, func() float32 { return 0.8 * float32(s.NormFloat64()) }), s.once(2), x.shape[0], to[0], to[1], 2)
		mode := pick(s, "bilinear", "nearest", "bicubic")
		if s.opset >= 20 {
			mode = pick(s, "linear", "nearest", "cubic")
		}
		list := s.maybe(textAttr("mode", mode))
		list = append(list, s.maybe(textAttr("padding_mode", pick(s, "zeros", "border", "reflection")))...)
		s.add("GridSample", []string{x.name, grid.name}, 1, append(list, s.maybe(intAttr("align_corners", int64(s.IntN(2))))...)...)
	})
	drawing("regions", func(s *sketch) {
		x := s.image(proto.Float32, []int{9, 9}, 1, 2)
		n := s.between(1, 3)
		var corners []float32
		for range n {
			x, y := s.Float64()*4, s.Float64()*4
			for _, v := range []float64{x, y, x + 1 + 3*s.Float64(), y + 1 + 3*s.Float64()} {
				corners = append(corners, float32(math.Round(v*2)/2))
			}
		}
		boxes := s.given(proto.Float32, corners, true, n, 4)
		at := s.given(proto.Int64, filled(n, func() int64 { return int64(s.IntN(x.shape[0])) }), true, n)
		list := []proto.Attribute{intAttr("output_height", int64(s.between(1, 3))), intAttr("output_width", int64(s.between(1, 3)))}
		list = append(list, s.maybe(textAttr("mode", pick(s, "avg")))...)
		list = append(list, s.maybe(intAttr("sampling_ratio", int64(s.IntN(3))))...)
		list = append(list, s.maybe(floatAttr("spatial_scale", pick(s, 0.5, 1)))...)
		if s.opset >= 16 {
			list = append(list, s.maybe(textAttr("coordinate_transformation_mode", pick(s, "half_pixel", "output_half_pixel")))...)
		}
		s.add("RoiAlign", []string{x.name, boxes.name, at.name}, 1, list...)
	})
	drawing("loss", func(s *sketch) {
		n, c := max(s.batch, s.between(1, 3)), s.between(2, 4)
		if s.batch > 0 {
			n = s.batch
		}
		rest := s.shapeOf(s.IntN(3))
		x := s.given(proto.Float32, s.real(proto.Float32, n*c*count(rest)), false, append([]int{n, c}, rest...)...)
		target := s.given(proto.Int64, filled(n*count(rest), func() int64 { return int64(s.IntN(c)) }), s.once(2), append([]int{n}, rest...)...)
		names := []string{x.name, target.name}
		if s.once(2) {
			names = append(names, s.positive(proto.Float32, c).name)
		}
		list := s.maybe(textAttr("reduction", pick(s, "none", "mean", "sum")))
		if s.once(2) {
			list = append(list, intAttr("ignore_index", int64(s.IntN(c))))
		}
		if s.once(2) {
			s.add("NegativeLogLikelihoodLoss", names, 1, list...)
		} else {
			s.add("SoftmaxCrossEntropyLoss", names, s.between(1, 2), list...)
		}
	})
	drawing("waves", func(s *sketch) {
		if s.opset < 17 {
			return
		}
		x := s.given(proto.Float32, s.real(proto.Float32, 2*6), false, 2, 6, 1)
		var list []proto.Attribute
		inverse := s.once(3)
		if inverse {
			list = append(list, intAttr("inverse", 1))
			x = s.given(proto.Float32, s.real(proto.Float32, 24), false, 2, 6, 2)
		} else {
			list = s.maybe(intAttr("onesided", int64(s.IntN(2))))
		}
		names := []string{x.name, ""}
		if s.once(2) {
			names[1] = s.given(proto.Int64, []int64{int64(s.between(2, 9))}, true).name
		}
		if s.opset >= 20 {
			names = append(names, s.given(proto.Int64, []int64{1}, true).name)
		} else {
			list = append(list, intAttr("axis", 1))
		}
		s.add("DFT", names, 1, list...)
	})
}
