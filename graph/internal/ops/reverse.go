package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Reverse reverses the order of the elements along one axis.
type Reverse struct{ Axis int }

// String implements Def.
func (r Reverse) String() string { return fmt.Sprintf("Reverse(axis %d)", r.Axis) }

// Infer implements Def.
func (r Reverse) Infer(in [][]int) ([]int, error) { return in[0], nil }

// Diff implements Def.
func (r Reverse) Diff(g *Graph, _, grad *Node) []*Node { return []*Node{g.Must(r, grad)} }

// Bind implements Def.
func (r Reverse) Bind(o *Op) Kernel {
	return Kernel{F32: bindReverse[float32](r, o), F64: bindReverse[float64](r, o)}
}

func bindReverse[T kernels.Float](r Reverse, o *Op) func(out []T, in [][]T) {
	a := alongAxis(o.Shape, r.Axis)
	return inPieces(o, a.blocks, max(1, perWorker/(a.rows*a.width)), func(out []T, in [][]T, lo, hi int) {
		for i := lo; i < hi; i++ {
			reverse(blockOf(out, a, i), blockOf(in[0], a, i), a.width)
		}
	})
}

// reverse sets out to the rows of in, of width elements, from the last one to the first.
func reverse[T any](out, in []T, width int) {
	in = in[:len(out)]
	if width == 1 {
		for i := range out {
			out[i] = in[len(in)-1-i]
		}
		return
	}
	for at := 0; at < len(out); at += width {
		copy(out[at:][:width], in[len(in)-width-at:])
	}
}
