package layers

import "github.com/nndiy/nndiy/graph"

// Flatten makes each sample a vector: (batch, ...) becomes (batch, features), in row-major order.
type Flatten struct{}

// Emit implements graph.Layer.
func (Flatten) Emit(_ *graph.Scope, x graph.Node) graph.Node { return x.Reshape(x.Dim(0), -1) }

// Reshape gives each sample another shape with the same number of elements: (batch, ...) becomes (batch, Shape...).
type Reshape struct {
	Shape []int // without the batch; one dimension may be -1 and is computed from the others
}

// Emit implements graph.Layer.
func (r Reshape) Emit(_ *graph.Scope, x graph.Node) graph.Node {
	return x.Reshape(append([]int{x.Dim(0)}, r.Shape...)...)
}
