package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// MatMul returns the matrix product of x, (..., n, k), and y, (..., k, m), of shape (..., n, m). The dimensions before the
// last two broadcast. Both need at least two dimensions: a vector is an error.
func (x Node) MatMul(y Node) Node {
	return x.emitAs("MatMul", ops.MatMul{}, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Product(in[0], in[1]) }, y)
}

// Distances returns the Euclidean distances of the rows of x, (..., n, k), from the rows of y, (..., m, k), of shape (..., n, m), as
// x.Expand(-2).Sub(y.Expand(-3)).Norm(-1) does, without (..., n, m, k) numbers in memory. The dimensions before the last two must
// be equal. The derivative of a distance of 0 is 0.
func (x Node) Distances(y Node) Node { return x.apply("Distances", ops.Distances{}, y) }

// reduce returns the sum or the maximum of x over the axes, or over all if none is given.
func (x Node) reduce(name string, axes []int, maximum bool) Node {
	if x.err != nil {
		return x
	}
	list := make([]int, 0, len(axes))
	for _, a := range axes {
		a, err := x.axis(a)
		if err == nil && slices.Contains(list, a) {
			err = fmt.Errorf("got axis %d twice, want different axes", a)
		}
		if err != nil {
			return x.fail(name, err)
		}
		list = append(list, a)
	}
	if len(axes) == 0 {
		for a := range x.Rank() {
			list = append(list, a)
		}
	}
	return x.emitAs(name, reduction{axes: list}, func(in []*ops.Node) (*ops.Node, error) { return x.b.g.Reduced(in[0], list, maximum, false), nil })
}

// Sum returns the sum over the given axes, which are removed from the shape. Negative axes count from the end; without axes
// it is the sum of all elements, a scalar.
func (x Node) Sum(axes ...int) Node { return x.reduce("Sum", axes, false) }

// Mean returns the mean over the given axes, which are removed from the shape, or over all axes if none is given.
func (x Node) Mean(axes ...int) Node {
	s := x.reduce("Mean", axes, false)
	if s.err != nil {
		return s
	}
	return s.Scale(float64(tensors.Size(s.Shape())) / float64(tensors.Size(x.Shape())))
}

// Max returns the largest element over the given axes, which are removed from the shape, or over all axes if none is given.
// Equal largest elements share the gradient.
func (x Node) Max(axes ...int) Node { return x.reduce("Max", axes, true) }

// Softmax returns exp(x) divided by its sum along an axis, by default the last one. It does not overflow for any finite x. An
// element of -Inf, which a mask excludes, gives 0 and has no gradient; if all along the axis are -Inf, the result is NaN.
func (x Node) Softmax(axis ...int) Node { return x.softmax("Softmax", false, axis) }

// LogSoftmax returns the logarithm of Softmax along an axis, by default the last one. It is computed without the quotient,
// and is finite for any finite x. An element of -Inf gives -Inf and has no gradient.
func (x Node) LogSoftmax(axis ...int) Node { return x.softmax("LogSoftmax", true, axis) }

func (x Node) softmax(name string, log bool, axis []int) Node {
	if x.err != nil {
		return x
	}
	if len(axis) > 1 {
		return x.fail(name, fmt.Errorf("got axes %v, want one axis", axis))
	}
	last := x.Rank() - 1
	if len(axis) == 1 {
		a, err := x.axis(axis[0])
		if err != nil {
			return x.fail(name, err)
		}
		return x.apply(name, ops.Softmax{Log: log, Behind: last - a})
	}
	return x.apply(name, ops.Softmax{Log: log})
}

// LogSumExp returns log(Σ exp(x)) over the given axes, which are removed from the shape, or over all axes if none is given. It
// overflows for no finite x. Elements of -Inf add nothing and have no gradient; if all are -Inf, so is the result.
func (x Node) LogSumExp(axes ...int) Node {
	largest := x.reduce("LogSumExp", axes, true).StopGradient()
	if largest.err != nil {
		return largest
	}
	kept := x.Shape()
	for _, a := range axesOrAll(x, axes) {
		a, _ = x.axis(a)
		kept[a] = 1
	}
	shift := largest.binary(ops.ReLUGrad, largest.Abs().Reciprocal()) // 0 if it is infinite
	sum := x.Sub(shift.Reshape(kept...)).Exp().Sum(axes...)
	none := x.b.scope().Scalar(math.Inf(-1)).BroadcastTo(sum.Shape()...)
	return sum.orOne().Log().Add(shift).Where(sum, none)
}

// CrossEntropy returns -log(softmax(x)) of one class for each vector of logits along the last axis. x is (..., classes), and
// class contains class numbers from 0 to classes-1, (...), the shape of the result. Any other number is an error when the graph
// runs. The logit of another class may be -Inf.
func (x Node) CrossEntropy(class Node) Node {
	switch {
	case x.err != nil:
		return x
	case class.err != nil:
		return class
	case x.Rank() == 0 || !slices.Equal(class.Shape(), x.Shape()[:x.Rank()-1]):
		return x.fail("CrossEntropy", fmt.Errorf("got shape %v and classes of shape %v, want (..., classes) and (...)", x.Shape(), class.Shape()))
	}
	return x.LogSoftmax().GatherElements(-1, class.Expand(-1)).Neg().Reshape(class.Shape()...)
}
