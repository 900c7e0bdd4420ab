package graph_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestZeroTensors: the error for the zero Tensor, or for one of another type or shape, says which argument it is about and what is wrong.
func TestZeroTensors(t *testing.T) {
	ctx := context.Background()
	f, err := graph.NewFunction(func(_ *graph.Scope, x ...graph.Node) []graph.Node { return x }, []int{2}, []int{})
	require.NoError(t, err)
	model, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	two := tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))
	call := func(x ...*graph.Tensor) error {
		_, err := f.Call(ctx, x...)
		return err
	}
	zero := &graph.Tensor{}
	for want, err := range map[string]error{
		"graph: Call: input 0: got element type none, want float32 or float64":                   call(zero, zero),
		"graph: Call: input 1: got element type none, want float64 as in the other inputs":       call(two, zero),
		"graph: Call: input 1: got shape [2], want []":                                           call(two, two),
		"graph: PredictInto: output: got none of shape [], want float32 of shape [4 2]":          model.PredictInto(ctx, zero, tensor.New(tensor.WithShape(4, 3), tensor.Of(tensor.Float32))),
		`graph: WriteWeights: parameter "a": got elements of none, want float32 or float64`:      graph.WriteWeights(&bytes.Buffer{}, graph.Weights{"a": zero}, nil),
		`graph: Half.WriteWeights: parameter "a": got elements of none, want float32 or float64`: graph.Float16.WriteWeights(&bytes.Buffer{}, graph.Weights{"a": zero}, nil),
	} {
		require.EqualError(t, err, want)
	}
}
