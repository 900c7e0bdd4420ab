package graph

import (
	"errors"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Slice returns elements from up to, not including, to of one axis. Negative numbers count from the end, and a to of 0
// means the end.
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

// Reverse returns x with the elements of one axis turned round.
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

// Pad returns x with zeros before and after the elements of one axis.
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

// Concat joins nodes along an axis; their other dimensions are equal.
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

// OneHot returns x, whose elements are class numbers from 0 to classes-1, with a new last dimension that is 1 at the
// element's class and 0 elsewhere. Any other number is an error when the graph runs.
func (x Node) OneHot(classes int) Node { return x.apply("OneHot", ops.OneHot{Classes: classes}) }

// Gather returns rows of x, (rows, columns), by the numbers in index, from 0 to rows-1: index's shape with a new last
// dimension. Any other number is an error when the graph runs. The derivative by index is zero.
func (x Node) Gather(index Node) Node { return x.apply("Gather", ops.Gather{}, index) }
