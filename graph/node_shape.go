package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Reshape returns the elements of x, in row-major order, in another shape. One dimension may be -1: it is computed from the
// number of elements.
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
		return x.fail("Reshape", fmt.Errorf("got shape %v with %d elements, want one that fits %v", x.Shape(), tensors.Size(x.Shape()), shape))
	}
	return x.emitAs("Reshape", ops.Reshape{}, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Reshaped(in[0], to), nil })
}

// Expand returns x with a new dimension of size 1 at the given axis; -1 appends it (NumPy's expand_dims).
func (x Node) Expand(axis int) Node {
	if x.err != nil {
		return x
	}
	s := x.Shape()
	if axis < -len(s)-1 || axis > len(s) {
		return x.fail("Expand", fmt.Errorf("got axis %d for shape %v, want %d to %d", axis, s, -len(s)-1, len(s)))
	}
	if axis < 0 {
		axis += len(s) + 1
	}
	if _, failed := x.operands("Expand"); failed.err != nil {
		return failed
	}
	return x.Reshape(slices.Insert(s, axis, 1)...).maskedAs(x, func(d int) int { return d + b2i(d >= axis) })
}

// BroadcastTo returns x repeated to the given shape. Aligned at the last dimension, each dimension of x must be that of the
// shape or 1, as in NumPy.
func (x Node) BroadcastTo(shape ...int) Node {
	return x.broadcastTo("BroadcastTo", shape)
}

// broadcastTo is BroadcastTo with the operation's name for errors.
func (x Node) broadcastTo(name string, shape []int) Node {
	return x.emitAs(name, ops.Broadcast{}, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.BroadcastTo(in[0], shape) })
}

// Transpose returns x with its dimensions permuted: dimension i of the result is dimension axes[i] of x. Without axes, the
// order of the dimensions is reversed.
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

// Tile returns x repeated as a whole: counts[i] times along dimension i, as NumPy's tile. With fewer counts than dimensions they
// are those of the last dimensions; with more of them, x gets new dimensions in front.
func (x Node) Tile(counts ...int) Node {
	if x.err != nil {
		return x
	}
	if _, failed := x.operands("Tile"); failed.err != nil {
		return failed
	}
	for _, n := range counts {
		if n < 1 {
			return x.fail("Tile", fmt.Errorf("got counts %v, want 1 or more", counts))
		}
	}
	shape := x.Shape()
	rank := max(len(shape), len(counts))
	shape = append(slices.Repeat([]int{1}, rank-len(shape)), shape...)
	counts = append(slices.Repeat([]int{1}, rank-len(counts)), counts...)
	apart, repeated, joined := make([]int, 2*rank), make([]int, 2*rank), make([]int, rank)
	for i, n := range counts {
		apart[2*i], apart[2*i+1] = 1, shape[i]
		repeated[2*i], repeated[2*i+1], joined[i] = n, shape[i], n*shape[i]
	}
	return x.Reshape(apart...).broadcastTo("Tile", repeated).Reshape(joined...).maskedAs(x, func(d int) int {
		if d += rank - x.Rank(); counts[d] > 1 {
			return -1
		}
		return d
	})
}

// Repeat returns x with each element along an axis repeated count times, one copy beside the other, as NumPy's repeat.
func (x Node) Repeat(axis, count int) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err == nil && count < 1 {
		err = fmt.Errorf("got count %d, want 1 or more", count)
	}
	if err != nil {
		return x.fail("Repeat", err)
	}
	apart := slices.Insert(x.Shape(), a+1, 1)
	repeated, joined := slices.Clone(apart), x.Shape()
	repeated[a+1] = count
	joined[a] *= count
	return x.Reshape(apart...).broadcastTo("Repeat", repeated).Reshape(joined...).maskedAs(x, func(d int) int {
		if d == a && count > 1 {
			return -1
		}
		return d
	})
}
