package graph_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	. "github.com/nndiy/nndiy/internal/extremes"
)

// TestEqualMaxima: equal largest elements get equal shares of the gradient, also over axes that are not neighbours.
func TestEqualMaxima(t *testing.T) {
	infinity := func(x graph.Node, axes ...int) graph.Node { return x.PNorm(math.Inf(1), axes...) }
	smallest := func(x graph.Node, axes ...int) graph.Node { return x.Neg().Max(axes...).Neg() }
	third, half := 1.0/3, 0.5
	for _, row := range []struct {
		name  string
		f     func(x graph.Node, axes ...int) graph.Node
		shape []int
		axes  []int
		x     []float64
		value []float64
		want  []float64
	}{
		{"neighbours", graph.Node.Max, []int{2, 2}, []int{0, 1}, []float64{3, 3, 3, 1}, []float64{3}, []float64{third, third, third, 0}},
		{"a dimension of 1 between", graph.Node.Max, []int{2, 1, 2}, []int{0, 2}, []float64{3, 3, 3, 1}, []float64{3}, []float64{third, third, third, 0}},
		{"axes in another order", graph.Node.Max, []int{2, 1, 2}, []int{-1, 0}, []float64{3, 3, 3, 1}, []float64{3}, []float64{third, third, third, 0}},
		{"a dimension of 2 between", graph.Node.Max, []int{2, 2, 2}, []int{0, 2}, []float64{3, 3, 4, 0, 3, 1, 4, 5}, []float64{3, 5},
			[]float64{third, third, 0, 0, third, 0, 0, 1}},
		{"a dimension behind", graph.Node.Max, []int{2, 1, 2, 2}, []int{0, 2}, []float64{3, 4, 3, 0, 3, 4, 1, 1}, []float64{3, 4},
			[]float64{third, half, third, 0, third, half, 0, 0}},
		{"three axes", graph.Node.Max, []int{2, 1, 2, 1, 1}, []int{0, 2, 4}, []float64{3, 3, 3, 1}, []float64{3}, []float64{third, third, third, 0}},
		{"minimum", smallest, []int{2, 1, 2}, []int{0, 2}, []float64{1, 1, 1, 3}, []float64{1}, []float64{third, third, third, 0}},
		{"PNorm", infinity, []int{2, 1, 2}, []int{0, 2}, []float64{3, -3, 3, 1}, []float64{3}, []float64{third, -third, third, 0}},
	} {
		t.Run(fmt.Sprint(row.name, row.shape, row.axes), func(t *testing.T) {
			for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
					y := row.f(x[0], row.axes...)
					return append([]graph.Node{y}, graph.Grad(y.Sum(), x[0])...)
				}, row.shape)
				require.NoError(t, err)
				out, err := f.Call(context.Background(), Tensor(dtype, row.x, row.shape...))
				require.NoError(t, err)
				require.Equal(t, row.value, Floats(out[0]))
				require.InDeltaSlice(t, row.want, Floats(out[1]), 1e-7)
			}
		})
	}
}

// TestMaxGradients checks derivatives over several axes, and that the axes that stay keep their order.
func TestMaxGradients(t *testing.T) {
	for _, axes := range [][]int{nil, {0, 2}, {1, 3}, {0, 3}, {0, 1, 3}, {3, 0, 2}} {
		t.Run(fmt.Sprint(axes), func(t *testing.T) {
			graphtest.Check{}.Func(t, func(_ *graph.Scope, x ...graph.Node) graph.Node { return x[0].Max(axes...) }, graphtest.Check{}.Random(2, 3, 4, 2))
		})
	}
}
