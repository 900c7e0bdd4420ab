package graph

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
)

// CumSum returns the sum of the elements along an axis up to each element, that element included, or excluded if exclusive is
// set: the first sum is then 0. With reverse the sums begin at the end of the axis.
func (x Node) CumSum(axis int, exclusive, reverse bool) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("CumSum", err)
	}
	return x.apply("CumSum", ops.CumSum{Axis: a, Exclusive: exclusive, Reverse: reverse})
}

// CumProd returns the product of the elements along an axis up to each element, that element included, or excluded if exclusive
// is set: the first product is then 1. With reverse the products begin at the end of the axis. The derivative is exact for
// elements of 0 too.
func (x Node) CumProd(axis int, exclusive, reverse bool) Node {
	if x.err != nil {
		return x
	}
	a, err := x.axis(axis)
	if err != nil {
		return x.fail("CumProd", err)
	}
	n := x.Dim(a)
	if exclusive {
		shape := x.Shape()
		shape[a] = 1
		one := x.b.scope().Scalar(1).BroadcastTo(shape...)
		switch {
		case n == 1:
			return one
		case reverse:
			x = Concat(a, x.Slice(a, 1, n), one)
		default:
			x = Concat(a, one, x.Slice(a, 0, n-1))
		}
	}
	begin := x.Slice(a, 0, 1).Pad(a, 0, n-1)
	if reverse {
		begin = x.Slice(a, n-1, n).Pad(a, n-1, 0)
	}
	return x.apply("CumProd", ops.Recurrence{Axis: a, Reverse: reverse}, begin)
}
