package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Rescale is (x - Offset) / Scale with constants. As the first layer of a network it makes preprocessing part of the model
// and of its file: Rescale{Scale: []float64{255}} for pixels as bytes, Rescale(*scaler) for a fitted datasets.Scaler.
//
// Offset and Scale each hold one number for all elements, one for each channel (dimension 1), or one for each element of a
// sample in row-major order. All are finite.
type Rescale struct {
	Offset []float64 // nil means 0
	Scale  []float64 // not 0; nil means 1
}

// Emit implements graph.Layer.
func (r Rescale) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if i := slices.Index(r.Scale, 0); i >= 0 {
		return x.Errorf("Scale: got 0 at index %d, want a number other than 0", i)
	}
	if len(r.Offset) > 0 {
		x = x.Sub(perElement(s, x, "Offset", r.Offset))
	}
	if len(r.Scale) > 0 {
		x = x.Div(notZero(s, perElement(s, x, "Scale", r.Scale), r.Scale))
	}
	return x
}

// perElement returns the constants v in a shape that broadcasts over x.
func perElement(s *graph.Scope, x graph.Node, name string, v []float64) graph.Node {
	if x.Rank() == 0 {
		return x.Errorf("got a scalar, want a batch")
	}
	for _, f := range v {
		x = checked(x, settings.Finite(name, f))
	}
	if x.Err() != nil {
		return x
	}
	sample, size := x.Shape()[1:], 1
	for _, n := range sample {
		size *= n
	}
	at := func(i int) float64 { return v[i] }
	switch {
	case len(v) == 1:
		return s.Scalar(v[0])
	case len(v) == size:
		return s.Table(at, sample...)
	case len(sample) > 1 && len(v) == sample[0]:
		return perChannel(s.Table(at, len(v)), len(sample)-1)
	}
	return x.Errorf("%s: got %d numbers for samples of shape %v, want 1, one per channel or one per element", name, len(v), sample)
}
