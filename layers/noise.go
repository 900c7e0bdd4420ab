package layers

import "github.com/nndiy/nndiy/graph"

// Dropout sets elements to 0 in training, and scales the others so that the mean stays; in inference it does nothing
// (Srivastava et al. 2014).
type Dropout struct {
	Rate float64 // probability of an element to be dropped, at least 0 and below 1
}

// Emit implements graph.Layer.
func (d Dropout) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if !(d.Rate >= 0 && d.Rate < 1) {
		return x.Errorf("Rate: got %v, want the share to drop, at least 0 and below 1", d.Rate)
	}
	if d.Rate == 0 || !s.Training() {
		return x
	}
	keep := 1 - d.Rate
	return x.Mul(s.Noise(graph.Noise{Keep: keep}, x.Shape()...).Scale(1 / keep))
}

// GaussianNoise adds normally distributed noise in training; in inference it does nothing.
type GaussianNoise struct {
	Deviation float64 // standard deviation, at least 0
}

// Emit implements graph.Layer.
func (g GaussianNoise) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if !(g.Deviation >= 0) {
		return x.Errorf("Deviation: got %v, want 0 or more", g.Deviation)
	}
	if g.Deviation == 0 || !s.Training() {
		return x
	}
	return x.Add(s.Noise(graph.Noise{Normal: true}, x.Shape()...).Scale(g.Deviation))
}
