package graph

import (
	"errors"

	"gorgonia.org/gorgonia"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Gorgonia applies operations of gorgonia to nodes of one graph, for when Node lacks an operation. f gets gorgonia nodes
// with the shapes of the nodes and returns the resulting node; it must not keep state. Derivatives are gorgonia's own, of
// any order that its rules support. Operations that behave differently in training, such as gorgonia.Dropout, are an error.
func Gorgonia(f func(x ...*gorgonia.Node) (*gorgonia.Node, error), nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Gorgonia: got no nodes, want at least one")}
	}
	x := nodes[0]
	if f == nil && x.err == nil {
		return x.fail("Gorgonia", errNilFunction)
	}
	return x.emit("Gorgonia", func(in []*ops.Node) (*ops.Node, error) {
		return x.b.g.Foreign(func(in []*ops.Node) (*ops.Node, error) { return f(in...) }, in...)
	}, nodes[1:]...)
}
