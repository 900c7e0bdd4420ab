package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// TestGorgoniaTraps checks two cases that plain gorgonia computes wrongly: SoftMax and LogSoftMax of one node have the same
// hash and become one node, and the logarithm of a softmax overwrites the softmax.
func TestGorgoniaTraps(t *testing.T) {
	soft := func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.SoftMax(x[0]) }
	logSoft := func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.LogSoftMax(x[0]) }
	x := tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float64{1, 2, 3}))
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
		p := x[0].Softmax()
		return []graph.Node{
			p, p.Log(), x[0].LogSoftmax(),
			graph.Gorgonia(soft, x[0]), graph.Gorgonia(logSoft, x[0]), graph.Gorgonia(soft, x[0]).Log(),
		}
	}, []int{1, 3})
	require.NoError(t, err)
	for range 2 { // the second run sees the same memory
		out, err := f.Call(context.Background(), x)
		require.NoError(t, err)
		for i, want := range [][]float64{{.0900305732, .2447284711, .6652409558}, {-2.4076059644, -1.4076059644, -0.4076059644}} {
			for _, k := range [][]int{{0, 3}, {1, 2, 4, 5}}[i] {
				require.InDeltaSlice(t, want, out[k].Float64s(), 1e-9, "output %d", k)
			}
		}
	}
	require.Equal(t, []float64{1, 2, 3}, x.Float64s())
}

// TestGorgoniaErrors checks that an error or a panic in the function becomes an error of the graph.
func TestGorgoniaErrors(t *testing.T) {
	for want, f := range map[string]func(x ...*gorgonia.Node) (*gorgonia.Node, error){
		"gorgonia: oops":                  func(...*gorgonia.Node) (*gorgonia.Node, error) { panic("oops") },
		"got no node from the function":   func(...*gorgonia.Node) (*gorgonia.Node, error) { return nil, nil },
		"behaves differently in training": func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Dropout(x[0], 0.5) },
		"of another graph": func(...*gorgonia.Node) (*gorgonia.Node, error) {
			return gorgonia.NewScalar(gorgonia.NewGraph(), gorgonia.Float64), nil
		},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node {
				return []graph.Node{graph.Gorgonia(f, x[0])}
			}, []int{2, 3})
			require.ErrorContains(t, err, want)
		})
	}
}
