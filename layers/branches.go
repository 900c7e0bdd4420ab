package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Concat applies layers to one input and joins their outputs along an axis, their other dimensions being equal.
type Concat struct {
	Axis   int // 0 is 1: features or channels
	Layers []graph.Layer
}

// Emit implements graph.Layer.
func (c Concat) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if len(c.Layers) == 0 {
		return x.Errorf("Layers: got none, want at least one")
	}
	return graph.Concat(settings.Or(c.Axis, 1), applyAll(s, x, c.Layers)...)
}

// Add applies layers to one input and adds up their outputs, which are of one shape.
type Add []graph.Layer

// Emit implements graph.Layer.
func (a Add) Emit(s *graph.Scope, x graph.Node) graph.Node { return combine(s, x, a, graph.Node.Add) }

// Multiply applies layers to one input and multiplies their outputs, which are of one shape, element by element.
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

// Lambda makes a function of a node a layer; a graph.LayerFunc is one that has parameters.
type Lambda func(x graph.Node) graph.Node

// Emit implements graph.Layer.
func (l Lambda) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	if l == nil {
		return x.Errorf("got nil, want a function")
	}
	return l(x)
}
