package graph

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// An operation that can make a finite number infinite or NaN, or whose derivative can be, computes with a harmless number in the
// padding: else the zeros there become the logarithm -Inf or the quotient NaN, and 0·NaN is NaN in the derivative of every parameter
// before it.

// harmless returns x, an operand of such an operation, with a value in the padding of x and of the other operands.
func (x Node) harmless(value float64, others ...Node) Node {
	mask, rank := x.mask, x.Rank()
	x = x.FillPadding(value)
	for _, o := range others {
		valid, _, ok := o.Valid()
		switch {
		case !ok || x.err != nil || o.b != x.b || !x.varies(valid):
		case mask != nil && *mask == *o.mask && rank == o.Rank(): // filled
		case value == 0:
			x = x.binary(ops.ReLUGrad, valid)
		default:
			x = x.Where(valid, x.b.scope().Scalar(value))
		}
	}
	return x
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

// wild reports whether the operation of a code makes finite numbers infinite or NaN, or has such a derivative.
func wild(c ops.Code, a float64) bool {
	if c == ops.Power { // integers up to 3 do not
		return !slices.Contains([]float64{0, 1, 2, 3}, a) && !math.IsNaN(a)
	}
	return slices.Contains([]ops.Code{ops.Sqrt, ops.Reciprocal, ops.Exp, ops.Log, ops.Log1p}, c)
}
