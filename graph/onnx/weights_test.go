package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestWeightsAsConstants: weights in Constant nodes are parameters if the file has no others; a single number is not.
func TestWeightsAsConstants(t *testing.T) {
	constant := func(name string, dims []int64, values ...float32) proto.Node {
		return op(name, "Constant", nil, proto.Attribute{Name: "value", Kind: proto.Dense, Tensor: &proto.Tensor{Type: proto.Float32, Dims: dims, Raw: raw(values...)}})
	}
	nodes := []proto.Node{constant("w", []int64{4, 4}, make([]float32, 16)...), constant("half", nil, 0.5), op("a", "MatMul", x("w")), op("y", "Mul", []string{"a", "half"})}
	require.Equal(t, []string{"w"}, imported(t, file(nil, nodes...)).Weights().Names())
	given := func(m *proto.Model) {
		m.Graph.Initializers = []proto.Tensor{{Name: "b", Type: proto.Float32, Dims: []int64{4}, Raw: raw(0, 0, 0, 0)}}
	}
	nodes[3].Inputs[1] = "b"
	require.Equal(t, []string{"b"}, imported(t, file(given, nodes...)).Weights().Names(), "the file has initializers")
}

// TestNothingToTrain: training a file without weights is an error.
func TestNothingToTrain(t *testing.T) {
	net, err := onnx.Read(bytes.NewReader(file(nil, node("Softmax", x()))))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1}})
	require.NoError(t, err)
	_, err = m.Fit(t.Context(), graph.Arrays{X: samples(2, []int{4}, tensor.Float32), Y: samples(2, []int{4}, tensor.Float32)}, graph.FitConfig{Epochs: 1})
	require.ErrorContains(t, err, "got a network without parameters, want at least one to train")
}
