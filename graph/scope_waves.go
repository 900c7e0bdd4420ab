package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Wave is a function of the time t: sin(Rate·t), or with Cosine cos(Rate·t).
type Wave struct {
	Rate   float64 // radians for each time step
	Cosine bool
}

// Waves is TimeTable for sines and cosines: element i at time t is the value of waves[i] at t. The shape must have as many elements
// as there are waves. The values are computed in float64, in an ONNX file for a sequence of any length.
func (s *Scope) Waves(waves []Wave, time int, shape ...int) Node {
	s.begin()
	all := append([]int{time}, shape...)
	list := make([]ops.Wave, len(waves))
	for i, w := range waves {
		if list[i] = ops.Wave(w); math.IsNaN(w.Rate) || math.IsInf(w.Rate, 0) {
			return s.b.fail("Waves", fmt.Errorf("wave %d: Rate: got %v, want a finite number", i, w.Rate))
		}
	}
	err := ops.CheckSize(all)
	if err == nil && tensors.Size(shape) != len(waves) {
		err = fmt.Errorf("got %d waves and shape %v, want one wave for each element", len(waves), shape)
	}
	if err != nil {
		return s.b.fail("Waves", err)
	}
	if n, ok := s.timed(func(t, i int) float64 { return list[i].At(t) }, all); ok {
		return n
	}
	if err := s.b.limits.spendConstant(all); err != nil {
		return s.b.fail("Waves", err)
	}
	return s.b.source("Waves", ops.NewWaves(all, list))
}
