package ops

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/internal/kernels"
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
func (h OneHot) Bind(*Op) Kernel {
	return Kernel{
		F32: func(out []float32, in [][]float32) { oneHot(out, in[0], h.Classes) },
		F64: func(out []float64, in [][]float64) { oneHot(out, in[0], h.Classes) },
	}
}

func oneHot[T kernels.Float](out, classes []T, n int) {
	if bad := kernels.OneHot(out, classes, n); bad >= 0 {
		panic(fmt.Errorf("element %d: got class %v, want an integer from 0 to %d", bad, classes[bad], n-1))
	}
}
