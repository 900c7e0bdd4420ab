package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Softmax is exp(x) divided by its sum along the last axis. With Log it is the logarithm of that, computed without the quotient.
type Softmax struct{ Log bool }

// String implements Def.
func (s Softmax) String() string {
	if s.Log {
		return "LogSoftmax"
	}
	return "Softmax"
}

// Infer implements Def.
func (s Softmax) Infer(in [][]int) ([]int, error) {
	if len(in[0]) == 0 {
		return nil, fmt.Errorf("got a scalar, want at least one dimension")
	}
	return in[0], nil
}

// Diff implements Def: y·(g - Σ g·y), and for the logarithm g - exp(y)·Σ g.
func (s Softmax) Diff(g *Graph, n, grad *Node) []*Node {
	last := []int{len(Shape(n)) - 1}
	if s.Log {
		return []*Node{g.m2(Sub, grad, g.m2(Mul, g.m1(Exp, n), g.Reduced(grad, last, false, true)))}
	}
	sum := g.Reduced(g.m2(Mul, grad, n), last, false, true)
	return []*Node{g.m2(Mul, n, g.m2(Sub, grad, sum))}
}

// Bind implements Def.
func (s Softmax) Bind(o *Op) Kernel {
	return Kernel{F32: bindSoftmax[float32](s, o), F64: bindSoftmax[float64](s, o)}
}

func bindSoftmax[T kernels.Float](s Softmax, o *Op) func(out []T, in [][]T) {
	cols := o.Shape[len(o.Shape)-1]
	rows := tensors.Size(o.Shape) / cols
	f := kernels.Softmax[T]
	if s.Log {
		f = kernels.LogSoftmax[T]
	}
	return inPieces(o, rows, max(1, perWorker/8/cols), func(out []T, in [][]T, lo, hi int) {
		f(out[lo*cols:hi*cols], in[0][lo*cols:hi*cols], hi-lo, cols)
	})
}
