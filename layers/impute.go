package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Impute replaces missing numbers, which are the number Missing, by the median of the training data, with one for each index of the
// last axis, or by the mean.
type Impute struct {
	Mean      bool // by the mean
	Indicator bool // the output also has, behind the numbers, 1 where one was missing and 0 elsewhere

	Value []float64 // what Adapt sets: what replaces a missing number, one for each index of the last axis
}

var _ Adapter = Impute{}

// Emit implements graph.Layer.
func (l Impute) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 || len(l.Value) != x.Dim(-1) {
		return x.Errorf("Value: got %d numbers for shape %v, want one for each index of the last axis, as Adapt sets them", len(l.Value), x.Shape())
	}
	for _, v := range l.Value {
		x = checked(x, settings.Finite("Value", v))
	}
	if x.Err() != nil {
		return x
	}
	missing := x.Equal(s.Scalar(Missing))
	value := s.Table(func(i int) float64 { return l.Value[i] }, len(l.Value))
	y := x.Mul(missing.Neg().Shift(1)).Add(missing.Mul(value)) // Missing is finite
	if l.Indicator {
		return graph.Concat(-1, y, missing)
	}
	return y
}

// Adapt implements Adapter. A column without any number gets 0.
func (l Impute) Adapt(x *graph.Tensor) (graph.Layer, error) {
	values, shape, err := numbersOf(x)
	if err != nil {
		return nil, err
	}
	width := shape[len(shape)-1]
	l.Value = make([]float64, width)
	for k := range l.Value {
		var present []float64
		for i := k; i < len(values); i += width {
			if values[i] != Missing {
				present = append(present, values[i])
			}
		}
		switch n := len(present); {
		case n == 0:
		case l.Mean:
			for _, v := range present {
				l.Value[k] += v / float64(n)
			}
		default:
			slices.Sort(present)
			l.Value[k] = present[(n-1)/2]/2 + present[n/2]/2
		}
	}
	return l, nil
}
