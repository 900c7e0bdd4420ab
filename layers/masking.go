package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Masking marks the padding of a sequence, (batch, time, features...) or (batch, time): the steps whose features all equal Value.
// Its output is the input with a mask, and with zeros in the padding; see graph.Node.Mask.
type Masking struct {
	Value float64 // of the features of a step that is padding; finite
}

// Emit implements graph.Layer.
func (m Masking) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Finite("Value", m.Value))
	if x.Err() != nil || x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, time, features)", x.Shape())
	}
	differs := x.Masked(graph.Node{}).Shift(-m.Value).Abs().Sign()
	if x.Rank() > 2 {
		differs = differs.Reshape(x.Dim(0), x.Dim(1), -1).Max(2)
	}
	return x.Masked(differs).FillPadding(0)
}

// Lengths marks the padding of sequences, (batch, time, ...), whose lengths are an additional input of the network, (batch): the steps
// behind the first ones, as many as the length. Its output is the input with a mask, and with zeros in the padding; see
// graph.Node.Mask. Config.Inputs must have the input's name, with the shape of one sample, []int{}. A length that is not an integer
// from 1 to the number of steps is an error when the model runs, which is a graph.ErrInput.
type Lengths struct {
	Input string // name of the additional input; "" means "lengths"
}

// Emit implements graph.Layer.
func (l Lengths) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if x.Rank() < 2 {
		return x.Errorf("got shape %v, want (batch, time, ...)", x.Shape())
	}
	if l.Input == "" {
		l.Input = "lengths"
	}
	lengths := s.Input(l.Input)
	if lengths.Err() == nil && lengths.Rank() != 1 {
		return x.Errorf("Input: got lengths of shape %v, want (batch): the shape []int{} in Config.Inputs", lengths.Shape())
	}
	return x.Masked(lengths.Steps(x.Dim(1))).FillPadding(0)
}
