package onnx_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestGatherMany: parts of an axis by many numbers are few operations.
func TestGatherMany(t *testing.T) {
	const n = 50
	numbers := make([]int64, n)
	for i := range numbers {
		numbers[i] = int64(i * i % 7)
	}
	dims := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 3}, {Size: 7}, {Size: 2}}
	}
	net, err := onnx.Read(bytes.NewReader(file(dims, whole("i", numbers...), node("Gather", x("i"), proto.Attribute{Name: "axis", Kind: proto.Int, Int: 2}))))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: []int{3, 7, 2}})
	require.NoError(t, err)
	in := samples(2, []int{3, 7, 2}, tensor.Float32)
	y, err := m.Predict(context.Background(), in)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3, n, 2}, []int(y.Shape()))
	for i, v := range y.Float32s() {
		outer, at, inner := i/(2*n), i/2%n, i%2
		require.Equal(t, in.Float32s()[outer*14+int(numbers[at])*2+inner], v)
	}
}
