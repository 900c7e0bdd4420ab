package graph

import (
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// An operation whose value or derivative is not finite for some finite numbers gives 0 for them in the padding, with a derivative of
// 0: else the zeros there become the logarithm -Inf or the quotient NaN, and 0·NaN is NaN in the derivative of every parameter before
// or after it. Other numbers in the padding, such as those of FillPadding, are computed as elsewhere.

// guarded returns f(x), which is finite for the numbers where good is positive; others are the other operands of f.
func (x Node) guarded(f, good func(x Node) Node, others ...Node) Node {
	counts := x.valid(others)
	if none(counts) {
		return f(x)
	}
	counts = counts.Maximum(good(x.Masked(Node{})).unary(ops.ZeroNaN))
	return f(x.Where(counts, x.b.scope().Scalar(1))).binary(ops.ReLUGrad, counts)
}

// valid returns 1 for the steps that are valid in x and in the other operands of an operation; the zero Node if none of them has a
// mask, or if x has none and is the same for all steps. One with a mask varies, also if it has one row of one step.
func (x Node) valid(others []Node) (valid Node) {
	for _, o := range append([]Node{x}, others...) {
		v, _, ok := o.Valid()
		switch {
		case !ok || x.err != nil || o.b != x.b || x.mask == nil && !x.varies(v):
		case none(valid):
			valid = v
		case x.mask == nil || o.mask.n != x.mask.n:
			valid = valid.Mul(v)
		}
	}
	return valid
}

// varies reports whether x has an element of its own for some steps of a mask that has the shape that Valid returns.
func (x Node) varies(valid Node) bool {
	s, v := x.Shape(), valid.Shape()
	if _, err := ops.BroadcastShapes(s, v); err != nil {
		return false // an error of the operation
	}
	for i := 1; i <= min(len(s), len(v)); i++ {
		if s[len(s)-i] > 1 && v[len(v)-i] > 1 {
			return true
		}
	}
	return false
}

// positive and nonzero are 1 for a number with this property, and 0 for another one or NaN.
func positive(x Node) Node { return x.unary(ops.Step) }
func nonzero(x Node) Node  { return x.Abs().unary(ops.Step) }

// finiteAt returns where an operation of one operand and its derivative are finite; nil if they are for all finite numbers, apart from
// those that overflow.
func finiteAt(c ops.Code, a float64) func(x Node) Node {
	whole := a == math.Floor(a)
	switch {
	case c == ops.Log || c == ops.Sqrt || c == ops.Power && !whole:
		return positive
	case c == ops.Log1p:
		return func(x Node) Node { return positive(x.Shift(1)) }
	case c == ops.Reciprocal || c == ops.Power && a < 0:
		return nonzero
	}
	return nil
}

// finitePower returns where x to the power of y and its derivative by x are finite.
func finitePower(y Node) func(x Node) Node {
	return func(x Node) Node {
		y := y.Masked(Node{})
		whole, counts := y.Equal(y.Floor()), y.binary(ops.GreaterEqual, y.b.scope().Scalar(0))
		return positive(x).Maximum(whole.Mul(counts.Maximum(nonzero(x))))
	}
}
