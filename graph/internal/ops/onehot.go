package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// OneHot turns class numbers into one-hot rows of length Classes. A number that is not an integer from 0 to Classes-1 is an
// error when the graph runs.
type OneHot struct{ Classes int }

// String implements Def.
func (h OneHot) String() string { return fmt.Sprintf("OneHot(%d)", h.Classes) }

// Infer implements Def.
func (h OneHot) Infer(in [][]int) ([]int, error) {
	if h.Classes < 1 {
		return nil, fmt.Errorf("got %d classes, want 1 or more", h.Classes)
	}
	return append(slices.Clone(in[0]), h.Classes), nil
}

// Diff implements Def.
func (h OneHot) Diff(*Graph, *Node, *Node) []*Node { return []*Node{nil} }

// Bind implements Def.
func (h OneHot) Bind(o *Op) Kernel {
	return Kernel{F32: bindOneHot[float32](o, h.Classes), F64: bindOneHot[float64](o, h.Classes)}
}

func bindOneHot[T kernels.Float](o *Op, n int) func(out []T, in [][]T) {
	return withIndices(o, tensors.Size(o.InShape(0)), max(1, perWorker/max(n, 1)), func(out []T, in [][]T, lo, hi int) int {
		if bad := kernels.OneHot(out[lo*n:hi*n], in[0][lo:hi], n); bad >= 0 {
			return lo + bad
		}
		return -1
	}, func(in [][]T, bad int) {
		if bad >= 0 {
			panic(fmt.Errorf("element %d: got class %v, want an integer from 0 to %d", bad, in[0][bad], n-1))
		}
	})
}
