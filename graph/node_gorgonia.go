package graph

import (
	"errors"

	"gorgonia.org/gorgonia"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Gorgonia applies any function of gorgonia's to nodes of one graph: the way out when an operation is missing. The function
// is given gorgonia nodes of the same shapes and returns one; it must not keep state. Derivatives are gorgonia's own, of
// any order that its rules allow.
func Gorgonia(f func(x ...*gorgonia.Node) (*gorgonia.Node, error), nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Gorgonia: got no nodes, want at least one")}
	}
	x := nodes[0]
	return x.emit("Gorgonia", func(in []*ops.Node) (*ops.Node, error) {
		return x.b.g.Foreign(func(in []*ops.Node) (*ops.Node, error) { return f(in...) }, in...)
	}, nodes[1:]...)
}
