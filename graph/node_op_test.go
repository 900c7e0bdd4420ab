package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestNodeOp walks through an expression and its derivative.
func TestNodeOp(t *testing.T) {
	build := func(s *graph.Scope, in ...graph.Node) []graph.Node {
		x, w := in[0], in[1]
		y := x.MatMul(w).Scale(3).Tanh()
		name, operands := y.Op()
		require.Equal(t, "Tanh", name)
		require.Len(t, operands, 1)
		require.Equal(t, []int{2, 1}, operands[0].Shape())
		name, operands = operands[0].Op()
		require.Equal(t, "Scale(3)", name)
		name, operands = operands[0].Op()
		require.Equal(t, "MatMul", name)
		require.Equal(t, []graph.Node{x, w}, operands, "the same nodes")
		name, operands = x.Op()
		require.Empty(t, name)
		require.Empty(t, operands)
		name, _ = s.Table(func(i int) float64 { return float64(i) }, 3).Op()
		require.Equal(t, "Constant", name)
		name, operands = graph.Node{}.Op()
		require.Empty(t, name)
		require.Empty(t, operands)
		d := graph.Grad(y.Sum(), w)[0]
		name, operands = d.Op()
		require.Equal(t, "MatMulᵀ", name)
		require.Equal(t, x, operands[0])
		return []graph.Node{y, d}
	}
	_, err := graph.NewFunction(build, []int{2, 3}, []int{3, 1})
	require.NoError(t, err)
}
