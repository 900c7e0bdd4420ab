package layers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Embedding maps integers from 0 to Vocabulary-1 to vectors: (batch, ...) becomes (batch, ..., Units). Its parameter is
// weight, (Vocabulary, Units), with one row for each integer. Any other number in the input is an error when the model runs.
type Embedding struct {
	Vocabulary int               // number of different integers
	Units      int               // size of a vector
	Init       graph.Initializer // of weight; nil means graph.Normal(0, 1)
	MaskZero   bool              // 0 is padding: the output of an input (batch, time) has a mask, see graph.Node.Mask
}

// Emit implements graph.Layer.
func (e Embedding) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Count("Vocabulary", e.Vocabulary, 1), settings.Count("Units", e.Units, 1))
	if x.Err() != nil {
		return x
	}
	if e.MaskZero {
		if x.Rank() != 2 {
			return x.Errorf("MaskZero: got true for shape %v, want (batch, time)", x.Shape())
		}
		x = x.Masked(x.Abs().Sign()) // the integers are at least 0
	}
	return s.Param("weight", or(e.Init, graph.Normal(0, 1)), e.Vocabulary, e.Units).Gather(x)
}
