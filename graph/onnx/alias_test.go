package onnx_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAliases: an exporter writes equal tensors once, and an Identity for each further one; they are parameters and states of
// their own.
func TestAliases(t *testing.T) {
	four := func(name, number string) proto.Tensor {
		return proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{4}, Raw: []byte(strings.Repeat(number, 4))}
	}
	zeros, ones := four("zeros", "\x00\x00\x00\x00"), four("ones", "\x00\x00\x80\x3f")
	copyOf := func(from, to string) proto.Node {
		return proto.Node{Operator: "Identity", Inputs: []string{from}, Outputs: []string{to}}
	}
	norm := func(x, suffix, y string) proto.Node {
		return proto.Node{Operator: "BatchNormalization", Inputs: []string{x, "w" + suffix, "b" + suffix, "m" + suffix, "v" + suffix}, Outputs: []string{y}}
	}
	b := file(func(m *proto.Model) { m.Graph.Initializers = []proto.Tensor{zeros, ones} },
		copyOf("zeros", "b1"), copyOf("ones", "w1"), copyOf("zeros", "m1"), copyOf("ones", "v1"),
		copyOf("b1", "b2"), copyOf("ones", "w2"), copyOf("m1", "m2"), copyOf("ones", "v2"),
		norm("x", "1", "h"), norm("h", "2", "y"))
	net, err := onnx.Read(bytes.NewReader(b))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
	require.NoError(t, err)
	require.Equal(t, []string{"b1", "b2", "m1", "m2", "v1", "v2", "w1", "w2"}, m.Weights().Names())
	x := samples(64, []int{4}, tensor.Float32)
	for i := range x.Float32s() {
		x.Float32s()[i] += 5
	}
	_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: samples(64, []int{4}, tensor.Float32)}, graph.FitConfig{Epochs: 30, BatchSize: 64})
	require.NoError(t, err)
	w := m.Weights()
	require.InDelta(t, 5, w["m1"].Float32s()[0], 0.8)
	require.InDelta(t, 0, w["m2"].Float32s()[0], 0.8)
	require.NotEqual(t, w["w1"].Float32s(), w["w2"].Float32s())
}
