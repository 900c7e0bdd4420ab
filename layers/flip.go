package layers

import "github.com/nndiy/nndiy/graph"

// RandomFlip mirrors each image with probability 1/2. In inference it does nothing. The input is (batch, channels, height,
// width) or (batch, height, width), and keeps its shape.
type RandomFlip struct {
	Vertical bool // swap top and bottom instead of left and right
}

// Emit implements graph.Layer.
func (r RandomFlip) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return augmented(s, x, func(x graph.Node) graph.Node {
		sign := s.Noise(graph.Noise{Keep: 0.5}, x.Dim(0), 1).Scale(2).Shift(-1)
		one, zero := s.Scalar(1), s.Scalar(0)
		if r.Vertical {
			return warp(x, 0, sign, zero, zero, zero, one, zero)
		}
		return warp(x, 0, one, zero, zero, zero, sign, zero)
	})
}
