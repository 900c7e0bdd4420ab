package program

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// TestSegment: however many ops a graph has, the tape machine's graph has a node for each input and one for all ops.
func TestSegment(t *testing.T) {
	for _, n := range []int{1, 3000} {
		g := ops.NewGraph(tensor.Float64)
		x, unused := g.Input("x", []int{2}), g.Input("unused", []int{3})
		y := x
		for range n {
			y = g.Must(ops.Map{Code: ops.Tanh}, y)
			y = g.Must(ops.MatMul{}, g.Reshaped(y, []int{1, 2}), g.Fill(1, []int{2, 2}))
			y = g.Reshaped(y, []int{2})
		}
		lowered := ops.Lower(g, []*ops.Node{y}, &ops.Env{})
		require.GreaterOrEqual(t, len(lowered.Ops()), 2*n)
		feeds := []feed{{input: lowered.Input(x), shape: []int{2}}, {input: lowered.Input(unused), shape: []int{3}}}
		require.Len(t, newSegment(lowered, feeds).AllNodes(), 2)
	}
}
