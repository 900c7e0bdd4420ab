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

// TestLengths: a network with an input of lengths is written with ordinary operators, and read back it gives the same, also where
// operations give 0 in the padding.
func TestLengths(t *testing.T) {
	number := func(x graph.Node, v float64) graph.Node { return x.Scale(0).Shift(v) }
	for name, f := range map[string]func(x graph.Node) graph.Node{
		"Tanh": graph.Node.Tanh,
		"Log":  func(x graph.Node) graph.Node { return x.Abs().Log() }, "Log1p": func(x graph.Node) graph.Node { return x.Abs().Log1p() },
		"Sqrt": func(x graph.Node) graph.Node { return x.Abs().Sqrt() }, "Reciprocal": graph.Node.Reciprocal,
		"Div": func(x graph.Node) graph.Node { return x.Div(x) }, "Pow": func(x graph.Node) graph.Node { return x.Abs().Pow(number(x, -0.5)) },
		"PowScalar": func(x graph.Node) graph.Node { return x.PowScalar(-1) }, "Mod": func(x graph.Node) graph.Node { return number(x, 3).Mod(x) },
		"Xlogy":        func(x graph.Node) graph.Node { return number(x, 3).Xlogy(x.Abs()) },
		"unit vectors": func(x graph.Node) graph.Node { return x.Div(x.Norm(2).Expand(-1)) },
	} {
		t.Run(name, func(t *testing.T) { sameOfLengths(t, f) })
	}
}

// sameOfLengths writes and reads a network with f of sequences.
func sameOfLengths(t *testing.T, f func(x graph.Node) graph.Node) {
	net := layers.Sequential{layers.Lengths{}, layers.Lambda(f), layers.Dense{Units: 3}, layers.Tanh{}, layers.GlobalAvgPool{}}
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
