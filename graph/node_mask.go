package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A stepMask says which steps of a sequence are valid. n is the mask, (batch, time); batch and time are the axes
// of the masked node that it describes.
type stepMask struct {
	n           *ops.Node
	batch, time int
}

// Mask returns the mask of x, (batch, time): 1 for a valid step, 0 for padding. ok is false if x has none. A mask describes the
// first two dimensions of x; Masked gives it to a node, and the operations keep it:
//
//   - Element-wise operations, MatMul, Einsum, Normalize, StopGradient and BroadcastTo keep it, and so do Softmax, the reductions,
//     Slice, Pad, Concat, Reverse and all others with an axis along other axes. An operation on nodes with two masks has their
//     product. Where an operation repeats a row, it repeats the mask; a step that it repeats loses it.
//   - Slice, Reverse and Concat along the batch or the time do the same to the mask; in Concat the steps of a node without a mask
//     are valid. The steps that Pad adds in front are valid, those that it adds behind are padding.
//   - Reshape, Expand and Transpose keep it where the batch and the time remain dimensions. While these are not the first two, as in
//     (batch, features, time), Mask returns false, and Transpose back to (batch, time, ...) brings the mask back.
//   - Operations that merge or drop the batch or the time drop it, such as Sum over the time, Conv, the poolings and Gorgonia.
//
// Padding stays finite, so that its product with a derivative of 0 is 0: where Div, Mod, Pow, PowScalar, Sqrt, Reciprocal, Log, Log1p
// or Xlogy of a number in the padding is infinite or NaN, or has such a derivative, the result is 0 and has no gradient. An overflow,
// as of Exp, is as elsewhere.
func (x Node) Mask() (mask Node, ok bool) {
	if x.err != nil || x.mask == nil || x.mask.batch != 0 || x.mask.time != 1 {
		return Node{}, false
	}
	return Node{b: x.b, n: x.mask.n}, true
}

// Masked returns x, (batch, time, ...), with a mask of shape (batch, time): 1 for a valid step, 0 for padding. An axis says which
// dimension of x is the time if that is not the second one. A step of an x that already has a mask is valid if both say so. The zero
// Node removes the mask. The elements of x do not change: use FillPadding(0) if its padding may be infinite or NaN, for a layer with
// parameters multiplies it by the derivative 0.
func (x Node) Masked(mask Node, axis ...int) Node {
	switch {
	case x.err != nil:
		return x
	case none(mask):
		x.mask = nil
		return x
	case mask.err != nil:
		return mask
	case x.b == nil || x.b != mask.b:
		return x.fail("Masked", errTwoGraphs)
	case len(axis) > 1:
		return x.fail("Masked", fmt.Errorf("got axes %v, want one axis", axis))
	}
	time, s := 1, x.Shape()
	if len(axis) == 1 {
		a, err := x.axis(axis[0])
		if err != nil {
			return x.fail("Masked", err)
		}
		time = a
	}
	if len(s) < 2 || time == 0 || !slices.Equal(mask.Shape(), []int{s[0], s[time]}) {
		return x.fail("Masked", fmt.Errorf("got a mask of shape %v for shape %v with the time along axis %d, want (batch, time)", mask.Shape(), s, time))
	}
	both, err := x.b.both(x.mask, &stepMask{n: mask.n, batch: 0, time: time})
	if err != nil {
		return Node{err: err}
	}
	x.mask = both
	return x
}

// Valid returns the mask of x in a shape that broadcasts to x, and the axis of x that is the time: also where Mask returns false,
// since the batch and the time are not the first two dimensions. ok is false if x has no mask.
func (x Node) Valid() (mask Node, time int, ok bool) {
	if x.err != nil || x.mask == nil {
		return Node{}, 0, false
	}
	mask = Node{b: x.b, n: x.mask.n}
	shape := slices.Repeat([]int{1}, x.Rank())
	shape[x.mask.batch], shape[x.mask.time] = mask.Dim(0), mask.Dim(1)
	if x.mask.batch > x.mask.time {
		mask = mask.Transpose()
	}
	return mask.Reshape(shape...), x.mask.time, true
}

// FillPadding returns x with the given value in all elements of the steps that are padding, whatever they were, NaN included;
// their derivative is zero. It returns x if that has no mask.
func (x Node) FillPadding(value float64) Node {
	valid, _, ok := x.Valid()
	switch {
	case !ok:
		return x
	case math.IsNaN(value):
		return x.fail("FillPadding", errors.New("got NaN, want a number"))
	case value == 0:
		return x.binary(ops.ReLUGrad, valid)
	}
	return x.Where(valid, x.b.scope().Scalar(value))
}

// Steps returns a mask, (batch, time), for lengths, (batch): 1 for the first steps of each row, as many as its length, and 0 for
// the padding behind them. A length that is not an integer from 1 to time is an error when the graph runs. The derivative is zero.
func (x Node) Steps(time int) Node { return x.apply("Steps", ops.Steps{Time: time}) }
