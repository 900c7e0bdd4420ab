package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Dropout sets elements to 0 in training, and scales the others so that the mean stays; in inference it does nothing
// (Srivastava et al. 2014).
type Dropout struct {
	Rate float64 // probability of an element to be dropped, at least 0 and below 1
}

// Emit implements graph.Layer.
func (d Dropout) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return drop(s, x, d.Rate, x.Shape())
}

// drop multiplies x by a mask of the given shape, which broadcasts to x's.
func drop(s *graph.Scope, x graph.Node, rate float64, shape []int) graph.Node {
	x = checked(x, settings.HalfOpen("Rate", rate, 0, 1))
	if x.Err() != nil || rate == 0 || !s.Training() {
		return x
	}
	keep := 1 - rate
	return x.Mul(s.Noise(graph.Noise{Keep: keep}, shape...).Scale(1 / keep))
}

// SpatialDropout is Dropout of whole channels (Tompson et al. 2015): (batch, channels, space...).
type SpatialDropout struct {
	Rate float64 // probability of a channel to be dropped, at least 0 and below 1
}

// Emit implements graph.Layer.
func (d SpatialDropout) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	shape := x.Shape()
	for i := range shape[2:] {
		shape[2+i] = 1
	}
	return drop(s, x, d.Rate, shape)
}

// GaussianNoise adds normally distributed noise in training; in inference it does nothing.
type GaussianNoise struct {
	Deviation float64 // standard deviation, at least 0
}

// Emit implements graph.Layer.
func (g GaussianNoise) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.AtLeast("Deviation", g.Deviation, 0))
	if x.Err() != nil || g.Deviation == 0 || !s.Training() {
		return x
	}
	return x.Add(s.Noise(graph.Noise{Normal: true}, x.Shape()...).Scale(g.Deviation))
}
