package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Norm returns the Euclidean norm √(Σ x²) over the given axes, which are removed from the shape, or over all axes if none is
// given. Its derivative, x/√(Σ x²), is 0 where the norm is 0. Elements are divided by the largest one first, so that their
// squares neither overflow nor underflow.
func (x Node) Norm(axes ...int) Node { return x.norm("Norm", axes) }

// PNorm returns the norm (Σ |x|^p)^(1/p), for p of at least 1, over the given axes, which are removed from the shape, or over all
// axes if none is given: for p = 1 the sum, for p = +Inf the largest of the |x|. PNorm(2) is Norm. Its derivative is 0 where the
// norm is 0. Neither large nor small elements overflow, as in Norm.
func (x Node) PNorm(p float64, axes ...int) Node {
	_, failed := x.operands("PNorm")
	switch {
	case failed.err != nil:
		return failed
	case !(p >= 1):
		return x.fail("PNorm", fmt.Errorf("got p %v, want 1 or more", p))
	case p == 1:
		return x.Abs().reduce("PNorm", axes, false)
	case p == 2:
		return x.norm("PNorm", axes)
	case math.IsInf(p, 1):
		return x.Abs().reduce("PNorm", axes, true)
	}
	s, kept := x.largest("PNorm", axes)
	if s.err != nil {
		return s
	}
	sum := x.Div(s.Reshape(kept...)).Abs().PowScalar(p).Sum(axes...)
	return sum.orOne().PowScalar(1/p).binary(ops.ReLUGrad, sum).Mul(s)
}

// Std returns the standard deviation √(mean((x - mean(x))²)) over the given axes, which are removed from the shape, or over
// all axes if none is given. It divides by the number n of elements, as in NumPy; for PyTorch's, which divides by n - 1,
// scale it by √(n/(n-1)). Its derivative is 0 where all elements are equal.
func (x Node) Std(axes ...int) Node {
	size := x.reduce("Std", axes, true)
	if size.err != nil {
		return size
	}
	// Neither the result nor the derivative depends on a constant that is added to x. Without the first element, equal
	// elements are 0, whatever the rounding errors of the mean.
	first := x
	for _, a := range axesOrAll(x, axes) {
		first = first.Slice(a, 0, 1)
	}
	d := x.Sub(first.StopGradient())
	n := float64(tensors.Size(x.Shape())) / float64(tensors.Size(size.Shape()))
	return d.Sub(d.Mean(axes...).Reshape(first.Shape()...)).norm("Std", axes).Scale(1 / math.Sqrt(n))
}

// axesOrAll returns the axes, or all axes of x if there are none.
func axesOrAll(x Node, axes []int) []int {
	if len(axes) > 0 {
		return axes
	}
	for a := range x.Rank() {
		axes = append(axes, a)
	}
	return axes
}

// norm is Norm with the operation's name for errors.
func (x Node) norm(name string, axes []int) Node {
	s, kept := x.largest(name, axes)
	if s.err != nil {
		return s
	}
	squares := x.Div(s.Reshape(kept...)).Square().Sum(axes...)
	root := squares.orOne().Sqrt().binary(ops.ReLUGrad, squares) // at 0 not the root of 0, whose derivative is infinite
	return root.Mul(s)
}

// largest returns a constant s for norm(x) = s·norm(x/s), which holds for the derivatives as well: the largest |x| over the axes,
// or 1 if that is 0 or infinite. kept is the shape of x with 1 for the axes.
func (x Node) largest(name string, axes []int) (s Node, kept []int) {
	if _, failed := x.operands(name); failed.err != nil {
		return failed, nil
	}
	s, kept = x.Abs().reduce(name, axes, true).StopGradient(), x.Shape()
	if s.err != nil {
		return s, nil
	}
	for _, a := range axesOrAll(x, axes) {
		a, _ = x.axis(a)
		kept[a] = 1
	}
	return s.binary(ops.ReLUGrad, s.Reciprocal()).orOne(), kept
}

// orOne returns x, which must not be negative, with 1 in place of 0.
func (x Node) orOne() Node { return x.Add(x.unary(ops.Step).Neg().Shift(1)) }
