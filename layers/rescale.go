package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Rescale is (x - Offset) / Scale, by constants: the network then takes data as it comes, and the model's file has what is to
// be done to it. Pixels of a byte are Rescale{Scale: []float64{255}}; what a datasets.Scaler was fitted to is Rescale(*scaler).
//
// Offset and Scale have one number for all elements, one for each channel, which are dimension 1, or one for each element of a
// sample in row-major order.
type Rescale struct {
	Offset []float64 // none is 0
	Scale  []float64 // other than 0; none is 1
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
		x = x.Div(perElement(s, x, "Scale", r.Scale))
	}
	return x
}

// perElement returns constants that broadcast over x.
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
