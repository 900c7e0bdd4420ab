package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/layers"
)

// TestLengths: a network with an input of lengths is written with ordinary operators, and read back it gives the same.
func TestLengths(t *testing.T) {
	net := layers.Sequential{layers.Lengths{}, layers.Dense{Units: 3}, layers.Tanh{}, layers.GlobalAvgPool{}}
	m, err := graph.Compile(net, graph.Config{Input: []int{4, 2}, Inputs: map[string][]int{"lengths": {}}, DType: tensor.Float64})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	read, err := onnx.Read(bytes.NewReader(file.Bytes()))
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(3, 4, 2), tensor.WithBacking([]float64{
		1, 2, 3, 4, 5, 6, 7, 8, -1, 2, -3, 4, -5, 6, -7, 8, .1, .2, .3, .4, .5, .6, .7, .8}))
	inputs := map[string]*graph.Tensor{graph.MainInput: x, "lengths": tensor.New(tensor.WithShape(3), tensor.WithBacking([]float64{4, 1, 2}))}
	want, err := m.PredictAll(t.Context(), inputs)
	require.NoError(t, err)
	again, err := graph.Compile(read, graph.Config{Input: read.Input(), Inputs: read.Inputs(), DType: tensor.Float64})
	require.NoError(t, err)
	got, err := again.PredictAll(t.Context(), inputs)
	require.NoError(t, err)
	require.InDeltaSlice(t, want[graph.MainOutput].Float64s(), got[graph.MainOutput].Float64s(), 1e-12)
}
