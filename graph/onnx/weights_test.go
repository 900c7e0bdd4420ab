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

// TestNothingToTrain: training a file is an error if it has no weights, or if its end has no derivative by them.
func TestNothingToTrain(t *testing.T) {
	weight := func(m *proto.Model) {
		m.Graph.Initializers = []proto.Tensor{{Name: "w", Type: proto.Float32, Dims: []int64{4, 4}, Raw: make([]byte, 64)}}
	}
	for want, b := range map[string][]byte{
		"got a network without parameters, want at least one to train": file(nil, node("Softmax", x())),
		"got a loss without a derivative by any parameter":             file(weight, op("a", "MatMul", x("w")), node("ArgMax", []string{"a"}, intAttr("axis", 1))),
	} {
		net, err := onnx.Read(bytes.NewReader(b))
		require.NoError(t, err)
		m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1}})
		require.NoError(t, err)
		_, err = m.Fit(t.Context(), graph.Arrays{X: samples(2, []int{4}, tensor.Float32), Y: samples(2, m.Output(), tensor.Float32)}, graph.FitConfig{Epochs: 1})
		require.ErrorContains(t, err, want)
	}
}
