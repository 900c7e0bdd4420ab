package graph

import (
	"errors"
	"fmt"
	"slices"

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

// GatherElements takes elements of x along an axis: element (i, j, k) of the result, for axis 1, is x(i, index(i, j, k), k). index
// contains positions along the axis from 0 on, and has the shape of x except along the axis. Any other number is an error when
// the graph runs. It is PyTorch's gather and NumPy's take_along_axis. The derivative by index is zero.
func (x Node) GatherElements(axis int, index Node) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("GatherElements", err)
	}
	return x.apply("GatherElements", ops.GatherElements{Axis: a}, index)
}

// ScatterAdd returns x with values added along an axis: element (i, j, k) of values, for axis 1, is added to x(i, index(i, j, k),
// k); several may be added to one element, in the order of j. values and index have one shape, that of x except along the axis.
// An index that is not an integer from 0 on along the axis is an error when the graph runs. It is PyTorch's scatter_add.
func (x Node) ScatterAdd(axis int, index, values Node) Node {
	for _, n := range []Node{x, index, values} {
		if n.err != nil {
			return n
		}
	}
	a, err := x.axis(axis)
	if err == nil {
		want := values.Shape()
		if len(want) == x.Rank() {
			want[a] = x.Dim(a)
		}
		if !slices.Equal(want, x.Shape()) {
			err = fmt.Errorf("got values of shape %v, want the shape %v except along axis %d", values.Shape(), x.Shape(), a)
		}
	}
	if err != nil {
		return x.fail("ScatterAdd", err)
	}
	return x.Add(values.apply("ScatterAdd", ops.ScatterElements{Axis: a, Size: x.Dim(a)}, index))
}

// Tril returns the lower triangle of matrices, the last two dimensions: the elements on diagonal k and below it, and 0 above,
// even for NaN. Diagonal 0 is the main one, 1 the one above it, -1 the one below it.
func (x Node) Tril(k int) Node { return x.apply("Tril", ops.Trilu{K: k}) }

// Triu returns the upper triangle of matrices: the elements on diagonal k and above it; see Tril.
func (x Node) Triu(k int) Node { return x.apply("Triu", ops.Trilu{Upper: true, K: k}) }
