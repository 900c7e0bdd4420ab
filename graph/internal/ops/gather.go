package ops

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/nndiy/nndiy/internal/kernels"
)

// Gather takes rows of a matrix, the first input, by the numbers in the second one: the output has the numbers' shape and a
// last dimension more. A number that is no row's is an error when it runs.
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
	width := o.InShape(0)[1]
	return Kernel{
		F32: func(out []float32, in [][]float32) {
			checkRow(kernels.Rows(out, in[0], in[1], width), in[1], o.InShape(0)[0])
		},
		F64: func(out []float64, in [][]float64) {
			checkRow(kernels.Rows(out, in[0], in[1], width), in[1], o.InShape(0)[0])
		},
	}
}

func checkRow[T kernels.Float](bad int, index []T, rows int) {
	if bad >= 0 {
		panic(fmt.Errorf("element %d: got %v, want a whole number from 0 to %d", bad, index[bad], rows-1))
	}
}

// Scatter adds the rows of the first input up in a matrix of so many rows, by the numbers in the second one.
type Scatter struct{ Rows int }

// String implements Def.
func (s Scatter) String() string { return fmt.Sprintf("Scatter(%d rows)", s.Rows) }

// Infer implements Def.
func (s Scatter) Infer(in [][]int) ([]int, error) {
	last := len(in[0]) - 1
	if last < 0 || !slices.Equal(in[0][:last], in[1]) {
		return nil, fmt.Errorf("got shapes %v and %v, want a last dimension more in the first", in[0], in[1])
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

// bindScatter shares out the rows of the output, or, if these are few, the columns, so that the order of a sum stays.
func bindScatter[T kernels.Float](o *Op) func(out []T, in [][]T) {
	rows, width := o.Shape[0], o.Shape[1]
	count := Size(o.InShape(1))
	return func(out []T, in [][]T) {
		var wrong atomic.Int64
		if len(out) > 2*perWorker {
			o.env.Pool.For(rows, max(1, perWorker/width), func(lo, hi int) {
				if bad := kernels.ScatterRows(out, in[0], in[1], width, lo, hi); bad >= 0 {
					wrong.Store(int64(bad) + 1)
				}
			})
			checkRow(int(wrong.Load())-1, in[1], rows)
			return
		}
		clear(out)
		o.env.Pool.For(width, max(16, perWorker/max(count, 1)), func(lo, hi int) {
			if bad := kernels.ScatterAdd(out, in[0], in[1], width, lo, hi); bad >= 0 {
				wrong.Store(int64(bad) + 1)
			}
		})
		checkRow(int(wrong.Load())-1, in[1], rows)
	}
}
