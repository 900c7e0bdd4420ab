package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// PositionalEncoding adds a code of the position t to each vector of a sequence, (batch, time, features):
// sin(t / 10000^(2i/features)) to feature 2i and cos(t / 10000^(2i/features)) to feature 2i+1 (Vaswani et al. 2017, section
// 3.5). With Learned it adds a parameter instead, weight, (time, features).
type PositionalEncoding struct {
	Learned bool
	Init    graph.Initializer // of weight, if Learned; nil means graph.Normal(0, 0.02)
}

// Emit implements graph.Layer.
func (p PositionalEncoding) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() != 3 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	time, features := x.Dim(1), x.Dim(2)
	if p.Learned {
		return x.Add(s.Param("weight", or(p.Init, graph.Normal(0, 0.02)), time, features))
	}
	wave := func(i int) float64 {
		t, f := i/features, i%features
		angle := float64(t) / math.Pow(10000, float64(f-f%2)/float64(features))
		if f%2 == 1 {
			return math.Cos(angle)
		}
		return math.Sin(angle)
	}
	return x.Add(s.Table(wave, time, features))
}
