package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Reshape returns the same elements in another shape. One dimension may be -1: it takes what is left.
func (x Node) Reshape(shape ...int) Node {
	if x.err != nil {
		return x
	}
	to := slices.Clone(shape)
	rest, open := tensors.Size(x.Shape()), -1
	for i, d := range to {
		switch {
		case d == -1 && open < 0:
			open = i
		case d < 1:
			return x.fail("Reshape", fmt.Errorf("got dimensions %v, want positive ones and at most one -1", shape))
		case rest%d == 0:
			rest /= d
		}
	}
	if open >= 0 {
		to[open] = rest
	}
	if tensors.Size(to) != tensors.Size(x.Shape()) {
		return x.fail("Reshape", fmt.Errorf("shape %v of %d elements does not fit %v", x.Shape(), tensors.Size(x.Shape()), shape))
	}
	return x.emit("Reshape", func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Reshaped(in[0], to), nil })
}

// Expand returns x with a new dimension of size 1 before the given axis; -1 appends one.
func (x Node) Expand(axis int) Node {
	s := x.Shape()
	if axis < 0 {
		axis += len(s) + 1
	}
	if x.err == nil && (axis < 0 || axis > len(s)) {
		return x.fail("Expand", fmt.Errorf("got axis %d for shape %v", axis, s))
	}
	if x.err != nil {
		return x
	}
	return x.Reshape(slices.Insert(s, axis, 1)...)
}

// BroadcastTo returns x repeated to a larger shape.
func (x Node) BroadcastTo(shape ...int) Node {
	return x.emit("BroadcastTo", func(in []*ops.Node) (*ops.Node, error) { return x.b.g.BroadcastTo(in[0], shape) })
}

// Transpose returns x with its dimensions in another order: dimension i of the result is dimension axes[i] of x. Without
// axes the order is turned round.
func (x Node) Transpose(axes ...int) Node {
	perm := slices.Clone(axes)
	if len(perm) == 0 {
		for i := range x.Rank() {
			perm = append(perm, x.Rank()-1-i)
		}
	}
	for i, a := range perm {
		if a < 0 {
			perm[i] = a + x.Rank()
		}
	}
	same := len(perm) == x.Rank()
	for i, a := range perm {
		same = same && a == i
	}
	if same {
		return x
	}
	return x.apply("Transpose", ops.Transpose{Perm: ops.Encode(perm)})
}

// SwapAxes returns x with two dimensions exchanged.
func (x Node) SwapAxes(a, b int) Node {
	if x.err != nil {
		return x
	}
	perm := make([]int, x.Rank())
	for i := range perm {
		perm[i] = i
	}
	i, err := x.axis(a)
	j, err2 := x.axis(b)
	if err == nil {
		err = err2
	}
	if err != nil {
		return x.fail("SwapAxes", err)
	}
	perm[i], perm[j] = perm[j], perm[i]
	return x.Transpose(perm...)
}
