package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A Node is a value in an expression graph: an input, a parameter, or the result of an operation on other nodes.
// Operations broadcast their operands as NumPy does. An operation that fails returns a node with an error, which sticks to
// every node made of it; Compile and NewFunction report the first one.
type Node struct {
	b   *builder
	n   *ops.Node
	err error
}

// Err returns the error that the node carries, if any.
func (x Node) Err() error { return x.err }

// Shape returns the dimensions of the node, the batch first; nil for a node with an error and for the zero Node.
func (x Node) Shape() []int {
	if x.err != nil || x.n == nil {
		return nil
	}
	return slices.Clone(ops.Shape(x.n))
}

// Rank returns the number of dimensions.
func (x Node) Rank() int { return len(x.Shape()) }

// Dim returns the size of dimension i; negative i counts from the end. It is 1 if there is no such dimension:
// operations that broadcast take that as it is.
func (x Node) Dim(i int) int {
	s := x.Shape()
	if i < 0 {
		i += len(s)
	}
	if i < 0 || i >= len(s) {
		return 1
	}
	return s[i]
}

// fail returns a node with an error that says where the graph was being built.
func (x Node) fail(op string, err error) Node {
	if x.b == nil {
		return Node{err: fmt.Errorf("graph: %s: %w", op, err)}
	}
	return x.b.fail(op, err)
}

// Errorf returns a node with an error of a layer's or a loss's own, such as a setting that is out of range. The error also
// names the place in the model.
func (x Node) Errorf(format string, args ...any) Node {
	if x.err != nil {
		return x
	}
	return x.fail("", fmt.Errorf(format, args...))
}

var errNoNode = errors.New("got a Node that no graph made, want one from a layer's input, Scope or NewFunction")

// apply is how every operation adds its op; the first operand is x.
func (x Node) apply(name string, d ops.Def, others ...Node) Node {
	return x.emit(name, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Apply(d, in...) }, others...)
}

// emit calls f with the nodes of x and the other operands, unless one of them has an error.
func (x Node) emit(name string, f func(in []*ops.Node) (*ops.Node, error), others ...Node) Node {
	in := make([]*ops.Node, 0, 1+len(others))
	for _, y := range append([]Node{x}, others...) {
		switch {
		case y.err != nil:
			return y
		case y.b == nil:
			return x.fail(name, errNoNode)
		case y.b != x.b:
			return x.fail(name, errors.New("got nodes of two graphs"))
		}
		in = append(in, y.n)
	}
	return x.b.add(name, func() (*ops.Node, error) { return f(in) })
}

// axis returns a with negative values counted from the end, or an error if x has no such axis.
func (x Node) axis(a int) (int, error) {
	rank := x.Rank()
	if a < -rank || a >= rank {
		return 0, fmt.Errorf("got axis %d of shape %v, want one of %d dimensions", a, x.Shape(), rank)
	}
	if a < 0 {
		a += rank
	}
	return a, nil
}
