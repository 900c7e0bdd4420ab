package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Concat applies each layer to the same input and concatenates their outputs along an axis. All other dimensions of the
// outputs must be equal.
type Concat struct {
	Axis   int // counted with the batch as 0, negative from the end; 0 means 1, the channels or features
	Layers []graph.Layer
}

// Emit implements graph.Layer.
func (c Concat) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if len(c.Layers) == 0 {
		return x.Errorf("Layers: got none, want at least one")
	}
	return graph.Concat(settings.Or(c.Axis, 1), applyAll(s, x, c.Layers)...)
}

// Add applies each layer to the same input and adds their outputs, which must have equal shapes.
type Add []graph.Layer

// Emit implements graph.Layer.
func (a Add) Emit(s *graph.Scope, x graph.Node) graph.Node { return combine(s, x, a, graph.Node.Add) }

// Multiply applies each layer to the same input and multiplies their outputs element by element. The outputs must have equal
// shapes.
type Multiply []graph.Layer

// Emit implements graph.Layer.
func (m Multiply) Emit(s *graph.Scope, x graph.Node) graph.Node {
	return combine(s, x, m, graph.Node.Mul)
}

func applyAll(s *graph.Scope, x graph.Node, list []graph.Layer) []graph.Node {
	outputs := make([]graph.Node, len(list))
	for i, l := range list {
		outputs[i] = s.Apply(l, x)
	}
	return outputs
}

func combine(s *graph.Scope, x graph.Node, list []graph.Layer, f func(x, y graph.Node) graph.Node) graph.Node {
	if len(list) == 0 {
		return x.Errorf("got no layers, want at least one")
	}
	outputs := applyAll(s, x, list)
	y := outputs[0]
	for i, z := range outputs[1:] {
		if y.Err() == nil && z.Err() == nil && !slices.Equal(y.Shape(), z.Shape()) {
			return x.Errorf("layer %d: got output shape %v, want %v as of layer 1", i+2, z.Shape(), y.Shape())
		}
		y = f(y, z)
	}
	return y
}

// Lambda turns a function of a node into a layer without parameters; use graph.LayerFunc for a function with parameters. A
// model with a Lambda cannot be saved to a file.
type Lambda func(x graph.Node) graph.Node

// Emit implements graph.Layer.
func (l Lambda) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if l == nil {
		return x.Errorf("got nil, want a function")
	}
	return l(x)
}
