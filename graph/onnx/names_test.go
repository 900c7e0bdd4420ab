package onnx_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestNames: a file's names may be those of a model's main input and output, or have slashes.
func TestNames(t *testing.T) {
	b := file(func(m *proto.Model) {
		second := m.Graph.Inputs[0]
		second.Name = "input"
		m.Graph.Inputs = append(m.Graph.Inputs, second)
		for _, name := range []string{"output", "head/out"} {
			out := m.Graph.Outputs[0]
			out.Name = name
			m.Graph.Outputs = append(m.Graph.Outputs, out)
		}
		for _, name := range []string{"/a/b", "a/b", "//"} {
			m.Graph.Initializers = append(m.Graph.Initializers, proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{4}, Raw: make([]byte, 16)})
		}
	}, node("Add", x("input")),
		proto.Node{Operator: "Add", Inputs: []string{"y", "/a/b"}, Outputs: []string{"s"}},
		proto.Node{Operator: "Add", Inputs: []string{"s", "//"}, Outputs: []string{"output"}},
		proto.Node{Operator: "Mul", Inputs: []string{"output", "a/b"}, Outputs: []string{"head/out"}})
	m := imported(t, b)
	require.Equal(t, []string{"_", "_a/b", "a/b"}, m.Weights().Names())
	var saved bytes.Buffer
	require.NoError(t, m.Save(&saved))
	m, err := graph.ReadModel(&saved)
	require.NoError(t, err)
	in := samples(2, []int{4}, tensor.Float32)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": in, "input_2": in})
	require.NoError(t, err)
	require.Len(t, out, 3)
	require.Equal(t, out["output"].Float32s(), out["output_2"].Float32s())
	require.Contains(t, out, "head.out")
}
