package layers

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// Sequential applies layers one after the other.
type Sequential []graph.Layer

// Emit implements graph.Layer.
func (q Sequential) Emit(s *graph.Scope, x graph.Node) graph.Node {
	for _, l := range q {
		x = s.Apply(l, x)
	}
	return x
}

// Named returns a layer with a name, which parameters' paths and Model.Sub use instead of a name like dense1. Layers of one type
// with the same settings and the same name in the same scope share their parameters. Other layers with the same name are an
// error if they would share a parameter, and so is a name like dense1 that another layer gets automatically. The name of the whole
// network, which Compile gets, is in no path.
func Named(name string, l graph.Layer) graph.Layer { return named{Layer: l, Name: name} }

type named struct {
	graph.Layer
	Name string // exported for files
}

var _ graph.Named = named{}

// Emit implements graph.Layer.
func (n named) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if n.Layer == nil {
		return x.Errorf("Layer: got nil, want a layer")
	}
	return n.Layer.Emit(s, x)
}

// LayerName implements graph.Named.
func (n named) LayerName() string { return n.Name }

// Unwrap returns the layer without the name: what it shares parameters with may have got its name in another way.
func (n named) Unwrap() graph.Layer { return n.Layer }

// Residual is Shortcut(x) + Layer(x) (He et al. 2016). Both outputs must have the same shape.
type Residual struct {
	Layer    graph.Layer
	Shortcut graph.Layer // nil means the identity, x + Layer(x)
}

// Emit implements graph.Layer.
func (r Residual) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if r.Layer == nil {
		return x.Errorf("Layer: got nil, want a layer")
	}
	if n, ok := r.Layer.(graph.Named); ok && r.Shortcut != nil && n.LayerName() == "shortcut" {
		return x.Errorf("Layer: got the name %q, which the Shortcut has, want another name", n.LayerName())
	}
	y := s.Apply(r.Layer, x)
	if r.Shortcut != nil {
		x = s.ApplyAs("shortcut", r.Shortcut, x)
	}
	if y.Err() == nil && x.Err() == nil && !sameShape(x, y) {
		return x.Errorf("Layer: got output shape %v, want %v, the shape of the shortcut", y.Shape(), x.Shape())
	}
	return x.Add(y)
}

func sameShape(x, y graph.Node) bool { return slices.Equal(x.Shape(), y.Shape()) }
