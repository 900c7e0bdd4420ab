package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Gather selects rows of a matrix, the first input, (rows, columns), by the indices in the second input: the output has the
// indices' shape and a new last dimension. An index that is not an integer from 0 to rows-1 is an error when the graph runs.
type Gather struct{}

// String implements Def.
func (Gather) String() string { return "Gather" }

// Infer implements Def.
func (Gather) Infer(in [][]int) ([]int, error) {
	if len(in[0]) != 2 {
		return nil, fmt.Errorf("got shape %v, want (rows, columns)", in[0])
	}
	return append(slices.Clone(in[1]), in[0][1]), nil
}

// Diff implements Def.
func (Gather) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(Scatter{Rows: Of(n).InShape(0)[0]}, grad, Of(n).In[1]), nil}
}

// Bind implements Def.
func (Gather) Bind(o *Op) Kernel {
	return Kernel{F32: bindGather[float32](o), F64: bindGather[float64](o)}
}

func bindGather[T kernels.Float](o *Op) func(out []T, in [][]T) {
	rows, width := o.InShape(0)[0], o.InShape(0)[1]
	return withIndices(o, tensors.Size(o.InShape(1)), max(1, perWorker/max(width, 1)), func(out []T, in [][]T, lo, hi int) int {
		if bad := kernels.Rows(out[lo*width:hi*width], in[0], in[1][lo:hi], width); bad >= 0 {
			return lo + bad
		}
		return -1
	}, func(in [][]T, bad int) { checkRow(bad, in[1], rows) })
}

// withIndices is inPieces for a function that returns the position of the first wrong index that it has read, or -1. wrong gets the first
// one of all pieces, or -1; it panics for a wrong index.
func withIndices[T kernels.Float](o *Op, n, grain int, f func(out []T, in [][]T, lo, hi int) int,
	wrong func(in [][]T, bad int)) func(out []T, in [][]T) {
	var bad firstBad
	run := inPieces(o, n, grain, func(out []T, in [][]T, lo, hi int) { bad.found(0, f(out, in, lo, hi)) })
	return func(out []T, in [][]T) {
		bad.n.Store(0)
		run(out, in)
		wrong(in, bad.position())
	}
}

// checkRow panics if the position bad is that of an index, and not -1.
func checkRow[T kernels.Float](bad int, index []T, rows int) {
	if bad >= 0 {
		panic(fmt.Errorf("element %d: got %v, want an integer from 0 to %d", bad, index[bad], rows-1))
	}
}

// Scatter adds each row of the first input to the row of a matrix whose index is in the second input. The matrix has Rows rows.
type Scatter struct{ Rows int }

// String implements Def.
func (s Scatter) String() string { return fmt.Sprintf("Scatter(%d rows)", s.Rows) }

// Infer implements Def.
func (s Scatter) Infer(in [][]int) ([]int, error) {
	last := len(in[0]) - 1
	if last < 0 || !slices.Equal(in[0][:last], in[1]) {
		return nil, fmt.Errorf("got shapes %v and %v, want the first to have one more dimension", in[0], in[1])
	}
	return []int{s.Rows, in[0][last]}, nil
}

// Diff implements Def.
func (s Scatter) Diff(g *Graph, n, grad *Node) []*Node {
	return []*Node{g.Must(Gather{}, grad, Of(n).In[1]), nil}
}

// Bind implements Def.
func (s Scatter) Bind(o *Op) Kernel {
	return Kernel{F32: bindScatter[float32](o), F64: bindScatter[float64](o)}
}

// bindScatter divides the output among workers by rows, or by columns if it is small, so that the order of each sum does not
// depend on the workers.
func bindScatter[T kernels.Float](o *Op) func(out []T, in [][]T) {
	rows, width := o.Shape[0], o.Shape[1]
	count := tensors.Size(o.InShape(1))
	byRows := rows*width > 2*perWorker
	n, grain := width, max(16, perWorker/max(count, 1))
	if byRows {
		n, grain = rows, max(1, perWorker/width)
	}
	scatter := withIndices(o, n, grain, func(out []T, in [][]T, lo, hi int) int {
		if byRows {
			return kernels.ScatterRows(out, in[0], in[1], width, lo, hi)
		}
		return kernels.ScatterAdd(out, in[0], in[1], width, lo, hi)
	}, func(in [][]T, bad int) { checkRow(bad, in[1], rows) })
	return func(out []T, in [][]T) {
		if !byRows {
			clear(out)
		}
		scatter(out, in)
	}
}
