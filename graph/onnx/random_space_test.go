package onnx_test

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// sequence returns a layer for two dimensions.
func (s *sketch) sequence(shape []int) graph.Layer {
	units := s.between(1, 4)
	mode := pick(s, graph.PadZeros, graph.PadReflect, graph.PadEdge, graph.PadWrap)
	groups, dilation := 1, s.between(0, 2)
	if shape[0]%2 == 0 && s.yes() {
		groups = 2
	}
	pad := s.padding(1)
	if s.once(4) {
		pad = layers.Causal
	}
	list := s.yes()
	switch s.IntN(24) {
	case 0:
		return layers.LSTM{Units: units, ReturnSequences: list, Reverse: s.yes()}
	case 1:
		return layers.GRU{Units: units, ReturnSequences: list, Reverse: s.yes(), BiasInit: graph.Normal(0, 1)}
	case 2:
		return layers.SimpleRNN{Units: units, ReturnSequences: list, Reverse: s.yes()}
	case 3:
		return layers.Bidirectional{Layer: pick[graph.Layer](s, layers.LSTM{Units: units, ReturnSequences: list}, layers.GRU{Units: units, ReturnSequences: list}, layers.SimpleRNN{Units: units, ReturnSequences: list})}
	case 4, 5:
		return layers.Conv1D{Filters: groups * units, Kernel: s.between(1, 3), Stride: s.between(0, 3), Padding: pad, Dilation: dilation, Groups: groups, NoBias: s.yes()}
	case 6:
		return layers.ConvTranspose1D{Filters: groups * units, Kernel: s.between(1, 3), Stride: 2, Padding: s.padding(1), Dilation: dilation, Groups: groups, NoBias: s.yes(), OutputPadding: s.IntN(2)}
	case 7:
		return layers.DepthwiseConv1D{Multiplier: s.between(0, 2), Kernel: s.between(1, 3), Stride: s.between(0, 2), Padding: pad, Dilation: dilation, NoBias: s.yes()}
	case 8:
		return layers.SeparableConv1D{Filters: units, Multiplier: s.between(0, 2), Kernel: s.between(1, 3), Stride: s.between(0, 2), Padding: pad, Dilation: dilation, NoBias: s.yes()}
	case 9:
		return layers.MaxPool1D{Size: s.between(2, 3), Stride: s.between(0, 3), Padding: pick(s, layers.Valid, layers.Same, layers.Pad(1)), CeilMode: s.yes()}
	case 10:
		return layers.AvgPool1D{Size: s.between(2, 3), Stride: s.between(0, 3), Padding: pick(s, layers.Valid, layers.Same, layers.Pad(1)), CeilMode: s.yes(), IgnorePadding: s.yes()}
	case 11:
		return layers.AdaptiveAvgPool1D{Size: s.between(0, 4)}
	case 12:
		return layers.AdaptiveMaxPool1D{Size: s.between(0, 4)}
	case 13:
		return layers.ZeroPad1D{Before: s.between(0, 2), After: s.between(0, 2), Mode: mode}
	case 14:
		return layers.Crop1D{Before: s.IntN(2), After: s.IntN(2)}
	case 15:
		return layers.UpSample1D{Size: s.between(0, 3)}
	case 16:
		r := layers.Resize1D{Interpolation: pick(s, layers.Bilinear, layers.Nearest, layers.Bicubic, layers.NearestExact)}
		if s.yes() {
			r.Size = s.between(1, 9)
		} else {
			r.Scale = 0.4 + 2*s.Float64()
		}
		if r.Interpolation == layers.Bilinear || r.Interpolation == layers.Bicubic {
			r.AlignCorners, r.Antialias = s.once(3), s.once(3)
		}
		return r
	case 17:
		return layers.PositionalEncoding{Learned: s.yes()}
	case 18:
		h := s.between(1, 2)
		return layers.MultiHeadAttention{Heads: 2, KeyHeads: h, Size: 2 * s.between(1, 2), ValueSize: s.between(0, 3), Causal: s.yes(), Rotary: s.yes(), NoBias: s.yes()}
	case 19:
		return layers.Sequential{layers.Dense{Units: 4}, layers.TransformerEncoder{Heads: 2, Width: s.between(0, 5), PostNorm: s.yes(), Causal: s.yes(), NoBias: s.yes()}}
	case 20:
		return layers.GroupNorm{Groups: groups, NoAffine: s.yes()}
	case 21:
		return pick[graph.Layer](s, layers.GlobalAvgPool{}, layers.GlobalMaxPool{})
	case 22:
		return layers.Masking{}
	}
	return layers.SpatialDropout{Rate: 0.1}
}

// picture returns a layer for three dimensions.
func (s *sketch) picture(shape []int) graph.Layer {
	units := s.between(1, 4)
	groups := 1
	if shape[0]%2 == 0 && s.yes() {
		groups = 2
	}
	mode := pick(s, graph.PadZeros, graph.PadReflect, graph.PadEdge, graph.PadWrap)
	pools := []layers.Padding{layers.Valid, layers.Same, layers.Pad(1)}
	switch s.IntN(18) {
	case 0, 1, 2:
		return layers.Conv2D{Filters: groups * units, Kernel: s.two(1, 3), Stride: s.orNone(s.two(1, 3)), Padding: s.padding(2), Dilation: s.orNone(s.two(1, 2)), Groups: groups, NoBias: s.yes()}
	case 3, 4:
		return layers.ConvTranspose2D{Filters: groups * units, Kernel: s.two(1, 3), Stride: []int{2}, Padding: s.padding(2), Dilation: s.orNone(s.two(1, 2)), Groups: groups, NoBias: s.yes(), OutputPadding: s.orNone(s.two(0, 1))}
	case 5:
		return layers.DepthwiseConv2D{Multiplier: s.between(0, 2), Kernel: s.two(1, 3), Stride: s.orNone(s.two(1, 2)), Padding: s.padding(2), Dilation: s.orNone(s.two(1, 2)), NoBias: s.yes()}
	case 6:
		return layers.SeparableConv2D{Filters: units, Multiplier: s.between(0, 2), Kernel: s.two(1, 3), Stride: s.orNone(s.two(1, 2)), Padding: s.padding(2), NoBias: s.yes()}
	case 7, 8:
		return layers.MaxPool2D{Size: s.two(2, 3), Stride: s.orNone(s.two(1, 3)), Padding: pick(s, pools...), CeilMode: s.yes()}
	case 9, 10:
		return layers.AvgPool2D{Size: s.two(2, 3), Stride: s.orNone(s.two(1, 3)), Padding: pick(s, pools...), CeilMode: s.yes(), IgnorePadding: s.yes()}
	case 11:
		return layers.AdaptiveAvgPool2D{Size: s.orNone(s.two(1, 4))}
	case 12:
		return layers.AdaptiveMaxPool2D{Size: s.orNone(s.two(1, 4))}
	case 13:
		return layers.ZeroPad2D{Top: s.IntN(3), Bottom: s.IntN(2), Left: s.IntN(2), Right: s.IntN(3), Mode: mode}
	case 14:
		return layers.Crop2D{Top: s.IntN(2), Left: s.IntN(2)}
	case 15:
		return layers.UpSample2D{Size: s.orNone(s.two(1, 3))}
	case 16:
		r := layers.Resize2D{Interpolation: pick(s, layers.Bilinear, layers.Nearest, layers.Bicubic, layers.NearestExact)}
		if s.yes() {
			r.Size = s.two(1, 9)
		} else {
			r.Scale = []float64{0.4 + 2*s.Float64(), 0.4 + 2*s.Float64()}
		}
		if r.Interpolation == layers.Bilinear || r.Interpolation == layers.Bicubic {
			r.AlignCorners, r.Antialias = s.once(3), s.once(3)
		}
		return r
	}
	return layers.GroupNorm{Groups: groups, NoAffine: s.yes()}
}
