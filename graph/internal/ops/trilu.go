package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Trilu keeps the elements of matrices, the last two dimensions, on diagonal K and below it, or with Upper on it and above it.
// The others become 0.
type Trilu struct {
	Upper bool
	K     int
}

// String implements Def.
func (t Trilu) String() string {
	if t.Upper {
		return fmt.Sprintf("Triu(%d)", t.K)
	}
	return fmt.Sprintf("Tril(%d)", t.K)
}

// Infer implements Def.
func (t Trilu) Infer(in [][]int) ([]int, error) {
	if len(in[0]) < 2 {
		return nil, fmt.Errorf("got shape %v, want (..., rows, columns)", in[0])
	}
	return in[0], nil
}

// Diff implements Def.
func (t Trilu) Diff(g *Graph, _, grad *Node) []*Node { return []*Node{g.Must(t, grad)} }

// Bind implements Def.
func (t Trilu) Bind(o *Op) Kernel {
	return Kernel{F32: bindTrilu[float32](t, o), F64: bindTrilu[float64](t, o)}
}

func bindTrilu[T kernels.Float](t Trilu, o *Op) func(out []T, in [][]T) {
	rank := len(o.Shape)
	rows, width := o.Shape[rank-2], o.Shape[rank-1]
	matrices := tensors.Size(o.Shape[:rank-2])
	k := min(max(t.K, -rows), width)
	return inPieces(o, matrices*rows, max(1, perWorker/width), func(out []T, in [][]T, lo, hi int) {
		for lo < hi {
			n := min(rows-lo%rows, hi-lo)
			kernels.Trilu(out[lo*width:(lo+n)*width], in[0][lo*width:(lo+n)*width], width, lo%rows, k, t.Upper)
			lo += n
		}
	})
}
