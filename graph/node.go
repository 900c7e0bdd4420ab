package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A Node is a value in an expression graph: an input, a parameter, or the result of an operation on other nodes.
// Operations broadcast their operands as in NumPy. An operation that fails returns a node with an error, and so does every
// operation on that node; Compile and NewFunction return the first error.
type Node struct {
	b    *builder
	n    *ops.Node
	mask *stepMask // nil for none: see Mask
	err  error
}

// Err returns the node's error, nil if there is none.
func (x Node) Err() error { return public("", x.err) }

// Shape returns the dimensions of the node, the batch first; nil for a node with an error and for the zero Node.
func (x Node) Shape() []int {
	if x.err != nil || x.n == nil {
		return nil
	}
	return slices.Clone(ops.Shape(x.n))
}

// Rank returns the number of dimensions.
func (x Node) Rank() int { return len(x.Shape()) }

// Dim returns the size of dimension i; a negative i counts from the end. It is 1 if there is no such dimension, as in
// broadcasting.
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

// fail returns a node with an error that names the layer that is emitting.
func (x Node) fail(op string, err error) Node {
	if x.b == nil {
		return Node{err: fmt.Errorf("graph: %s: %w", op, err)}
	}
	return x.b.fail(op, err)
}

// Errorf returns a node with the given error, for a layer or a loss to return, for example about the shape of x. The path of
// the layer is added in front. If x has an error, Errorf returns x.
func (x Node) Errorf(format string, args ...any) Node {
	if x.err != nil {
		return x
	}
	return x.fail("", fmt.Errorf(format, args...))
}

var (
	errNoNode    = errors.New("got a Node that is not in this graph, want one made from the layer's input or its Scope")
	errTwoGraphs = errors.New("got nodes of two graphs, want nodes of one graph")

	errNilFunction = errors.New("got nil, want a function")
)

// apply adds an op with the operands x and others.
func (x Node) apply(name string, d ops.Def, others ...Node) Node {
	return x.emitAs(name, d, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Apply(d, in...) }, others...)
}

// emitAs is emit for an op d, or several that move the dimensions as d does: the result has the mask that d keeps.
func (x Node) emitAs(name string, d ops.Def, f func(in []*ops.Node) (*ops.Node, error), others ...Node) Node {
	y := x.emit(name, f, others...)
	return y.inherit(d, append([]Node{x}, others...)...)
}

// emit calls f with the nodes of x and the other operands, unless one of them has an error.
func (x Node) emit(name string, f func(in []*ops.Node) (*ops.Node, error), others ...Node) Node {
	in, failed := x.operands(name, others...)
	if failed.err != nil {
		return failed
	}
	return x.b.add(name, func() (*ops.Node, error) { return f(in) })
}

// operands returns the nodes of x and the other operands, or a node with an error.
func (x Node) operands(name string, others ...Node) (in []*ops.Node, failed Node) {
	for _, y := range append([]Node{x}, others...) {
		switch {
		case y.err != nil:
			return nil, y
		case y.b == nil:
			return nil, x.fail(name, errNoNode)
		case y.b != x.b:
			return nil, x.fail(name, errTwoGraphs)
		}
		in = append(in, y.n)
	}
	return in, Node{}
}

// together returns a node with an error if x and the other operands do not broadcast. A method that consists of several operations
// calls it first, so that an error names the method and not one of these.
func (x Node) together(name string, others ...Node) (failed Node) {
	in, failed := x.operands(name, others...)
	if failed.err != nil {
		return failed
	}
	var shape []int
	var err error
	for _, n := range in {
		if shape, err = ops.BroadcastShapes(shape, ops.Shape(n)); err != nil {
			return x.fail(name, err)
		}
	}
	return Node{}
}

// axis returns the number of an axis, counted from 0; a negative a counts from the end.
func (x Node) axis(a int) (int, error) {
	rank := x.Rank()
	if a < -rank || a >= rank {
		return 0, fmt.Errorf("got axis %d for shape %v, want %d to %d", a, x.Shape(), -rank, rank-1)
	}
	if a < 0 {
		a += rank
	}
	return a, nil
}
