package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Dropout sets random elements to 0 and divides the others by 1 - Rate, which preserves the expected value (Srivastava et al.
// 2014). In inference it does nothing.
type Dropout struct {
	Rate float64 // probability that an element is set to 0, at least 0 and less than 1
}

// Emit implements graph.Layer.
func (d Dropout) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return drop(s, x, d.Rate, x.Shape())
}

// drop applies dropout with a mask of the given shape, which broadcasts to that of x.
func drop(s *graph.Scope, x graph.Node, rate float64, shape []int) graph.Node {
	x = checked(x, settings.HalfOpen("Rate", rate, 0, 1))
	if x.Err() != nil || rate == 0 || !s.Training() {
		return x
	}
	keep := 1 - rate
	return x.Mul(s.Noise(graph.Noise{Keep: keep}, shape...).Scale(1 / keep))
}

// SpatialDropout is Dropout of whole channels (Tompson et al. 2015). The input is (batch, channels, space...), or a sequence with a
// mask, (batch, time, features), of which it drops features.
type SpatialDropout struct {
	Rate float64 // probability that a channel is set to 0, at least 0 and less than 1
}

// Emit implements graph.Layer.
func (d SpatialDropout) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 3 {
		return x.Errorf("got shape %v, want (batch, channels, space...)", x.Shape())
	}
	return channelled(x, func(x graph.Node) graph.Node {
		shape := x.Shape()
		for i := range shape[2:] {
			shape[2+i] = 1
		}
		return drop(s, x, d.Rate, shape)
	})
}

// GaussianNoise adds normally distributed noise with mean 0 to each element. In inference it does nothing.
type GaussianNoise struct {
	Deviation float64 // standard deviation of the noise, at least 0; 0 means no noise
}

// Emit implements graph.Layer.
func (g GaussianNoise) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.AtLeast("Deviation", g.Deviation, 0))
	if x.Err() != nil || g.Deviation == 0 || !s.Training() {
		return x
	}
	return x.Add(s.Noise(graph.Noise{Normal: true}, x.Shape()...).Scale(g.Deviation))
}
