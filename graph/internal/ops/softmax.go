package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Softmax is exp(x) divided by its sum along an axis, which Behind dimensions follow: 0 stands for the last one. With Log it is the
// logarithm of that, computed without the quotient.
type Softmax struct {
	Log    bool
	Behind int
}

// Name returns "Softmax" or "LogSoftmax".
func (s Softmax) Name() string {
	if s.Log {
		return "LogSoftmax"
	}
	return "Softmax"
}

// String implements Def.
func (s Softmax) String() string {
	if s.Behind == 0 {
		return s.Name()
	}
	return fmt.Sprintf("%s[%d]", s.Name(), -1-s.Behind)
}

// Axis returns the axis for a number of dimensions.
func (s Softmax) Axis(rank int) int { return rank - 1 - s.Behind }

// Infer implements Def.
func (s Softmax) Infer(in [][]int) ([]int, error) {
	switch {
	case len(in[0]) == 0:
		return nil, fmt.Errorf("got a scalar, want at least one dimension")
	case s.Behind < 0 || s.Axis(len(in[0])) < 0:
		return nil, fmt.Errorf("got axis %d for shape %v, want -%d to -1", -1-s.Behind, in[0], len(in[0]))
	}
	return in[0], nil
}

// Diff implements Def: y·(g - Σ g·y), and for the logarithm g - exp(y)·Σ g.
func (s Softmax) Diff(g *Graph, n, grad *Node) []*Node {
	axis := []int{s.Axis(len(Shape(n)))}
	if s.Log {
		return []*Node{g.m2(Sub, grad, g.m2(Mul, g.m1(Exp, n), g.Reduced(grad, axis, false, true)))}
	}
	sum := g.Reduced(g.m2(Mul, grad, n), axis, false, true)
	return []*Node{g.m2(Mul, n, g.m2(Sub, grad, sum))}
}

// sizes sees a shape as (outer, mid, inner), with the axis in the middle.
func (s Softmax) sizes(shape []int) (outer, mid, inner int) {
	axis := s.Axis(len(shape))
	return tensors.Size(shape[:axis]), shape[axis], tensors.Size(shape[axis+1:])
}

// Bind implements Def.
func (s Softmax) Bind(o *Op) Kernel {
	return Kernel{F32: bindSoftmax[float32](s, o), F64: bindSoftmax[float64](s, o)}
}

func bindSoftmax[T kernels.Float](s Softmax, o *Op) func(out []T, in [][]T) {
	rows, cols, inner := s.sizes(o.Shape)
	if inner != 1 {
		return inPieces(o, rows*inner, columnGrain(cols), func(out []T, in [][]T, lo, hi int) {
			kernels.SoftmaxColumns(out, in[0], cols, inner, lo, hi, s.Log)
		})
	}
	f := kernels.Softmax[T]
	if s.Log {
		f = kernels.LogSoftmax[T]
	}
	return inPieces(o, rows, max(1, perWorker/8/cols), func(out []T, in [][]T, lo, hi int) {
		f(out[lo*cols:hi*cols], in[0][lo*cols:hi*cols], hi-lo, cols)
	})
}

// columnGrain is the number of columns for which one more worker pays, whole cache lines.
func columnGrain(rows int) int { return max(1, perWorker/8/max(rows, 1)/16) * 16 }

// A SoftmaxGrad is the derivative of a Softmax that has dimensions behind its axis. Its inputs are the gradient and the Softmax. Lower makes
// it from the operations of Softmax.Diff.
type SoftmaxGrad struct{ Softmax }

// String implements Def.
func (s SoftmaxGrad) String() string { return fmt.Sprintf("%sGrad[%d]", s.Name(), -1-s.Behind) }

// Diff implements Def. Lower makes a SoftmaxGrad after derivatives.
func (s SoftmaxGrad) Diff(*Graph, *Node, *Node) []*Node { return nil }

// Bind implements Def.
func (s SoftmaxGrad) Bind(o *Op) Kernel {
	return Kernel{F32: bindSoftmaxGrad[float32](s, o), F64: bindSoftmaxGrad[float64](s, o)}
}

func bindSoftmaxGrad[T kernels.Float](s SoftmaxGrad, o *Op) func(out []T, in [][]T) {
	outer, rows, inner := s.sizes(o.Shape)
	return inPieces(o, outer*inner, columnGrain(rows), func(out []T, in [][]T, lo, hi int) {
		kernels.SoftmaxColumnsGrad(out, in[0], in[1], rows, inner, lo, hi, s.Log)
	})
}
