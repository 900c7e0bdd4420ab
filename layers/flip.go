package layers

import "github.com/nndiy/nndiy/graph"

// RandomFlip makes each image its mirror image, with a probability of a half, in training; in inference it does nothing.
// Images are (batch, channels, height, width) or (batch, height, width).
type RandomFlip struct {
	Vertical bool // top and bottom change places instead of left and right
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
