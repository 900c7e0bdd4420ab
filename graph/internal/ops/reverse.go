package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/tensors"
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
	n, inner := o.Shape[r.Axis], tensors.Size(o.Shape[r.Axis+1:])
	return Kernel{
		F32: func(out []float32, in [][]float32) { reverse(out, in[0], n, inner) },
		F64: func(out []float64, in [][]float64) { reverse(out, in[0], n, inner) },
	}
}

func reverse[T any](out, in []T, n, inner int) {
	for at := 0; at < len(out); at += n * inner {
		for i := range n {
			copy(out[at+i*inner:][:inner], in[at+(n-1-i)*inner:])
		}
	}
}
