package graph

import (
	"errors"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Slice returns the elements from (included) to (excluded) of one axis, as x[from:to] in Python. Negative numbers count from
// the end; to = 0 means the end. An empty range is an error.
func (x Node) Slice(axis, from, to int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Slice", err)
	}
	if from < 0 {
		from += x.Dim(a)
	}
	if to <= 0 {
		to += x.Dim(a)
	}
	return x.apply("Slice", ops.Slice{Axis: a, From: from, To: to})
}

// Reverse returns x with the elements of one axis in reverse order.
func (x Node) Reverse(axis int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Reverse", err)
	}
	return x.apply("Reverse", ops.Reverse{Axis: a})
}

// Pad returns x with before zeros in front of the elements of one axis, and after zeros behind them.
func (x Node) Pad(axis, before, after int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Pad", err)
	}
	if before == 0 && after == 0 {
		return x
	}
	return x.apply("Pad", ops.Pad{Axis: a, Before: before, After: after})
}

// Concat joins nodes along an existing axis. Their other dimensions must be equal.
func Concat(axis int, nodes ...Node) Node {
	if len(nodes) == 0 {
		return Node{err: errors.New("graph: Concat: got no nodes, want at least one")}
	}
	x := nodes[0]
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("Concat", err)
	}
	return x.apply("Concat", ops.Concat{Axis: a}, nodes[1:]...)
}

// OneHot returns the one-hot encoding of x, whose elements are class numbers from 0 to classes-1: a new last dimension of
// size classes has 1 at the class and 0 elsewhere. Any other number is an error when the graph runs. The derivative is zero.
func (x Node) OneHot(classes int) Node { return x.apply("OneHot", ops.OneHot{Classes: classes}) }

// Gather looks up rows of x, (rows, columns), as an embedding does. index contains row numbers from 0 to rows-1; the result
// has the shape of index with a new last dimension of size columns. Any other number is an error when the graph runs. The
// derivative by index is zero.
func (x Node) Gather(index Node) Node { return x.apply("Gather", ops.Gather{}, index) }
