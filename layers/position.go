package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// PositionalEncoding adds a code of the position t to each vector of a sequence, (batch, time, features):
// sin(t / 10000^(2i/features)) to feature 2i and cos(t / 10000^(2i/features)) to feature 2i+1 (Vaswani et al. 2017, section
// 3.5). With Learned it adds a parameter instead, weight, (time, features), or (Max, features) with Max; a graph.Stream needs Max
// there, and in it t counts from its start.
type PositionalEncoding struct {
	Learned bool
	Max     int               // the longest time; 0 means no limit, or if Learned, the time of Config.Input
	Init    graph.Initializer // of weight, if Learned; nil means graph.Normal(0, 0.02)
}

// Emit implements graph.Layer. With Max, the codes of all positions are one table, of which shorter sequences take the beginning.
func (p PositionalEncoding) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Count("Max", p.Max, 0))
	switch {
	case x.Err() != nil:
		return x
	case x.Rank() != 3:
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	time, features := x.Dim(1), x.Dim(2)
	positions := settings.Or(p.Max, time)
	if s.Streaming() {
		s.StreamLimit(x, 1, p.Max)
	} else if time > positions {
		return x.Errorf("got shape %v, want at most %d elements in the second dimension, time, as Max says", x.Shape(), p.Max)
	}
	first := func(table graph.Node) graph.Node {
		if time < positions {
			return table.Slice(0, 0, time)
		}
		return table
	}
	if p.Learned {
		w := s.Param("weight", or(p.Init, graph.Normal(0, 0.02)), positions, features)
		if s.Streaming() && p.Max > 0 {
			return x.Add(w.Gather(s.TimeTable(func(t, _ int) float64 { return float64(t) }, time)))
		}
		return x.Add(first(w))
	}
	waves := make([]graph.Wave, features)
	for i := range waves {
		waves[i] = graph.Wave{Rate: math.Pow(10000, -float64(i-i%2)/float64(features)), Cosine: i%2 == 1}
	}
	if s.Streaming() {
		return x.Add(s.Waves(waves, time, features))
	}
	return x.Add(first(s.Waves(waves, positions, features)))
}
