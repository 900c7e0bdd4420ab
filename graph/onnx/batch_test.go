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
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// fixed declares a batch of n for the input and the output of a file.
func fixed(n int64) func(m *proto.Model) {
	return func(m *proto.Model) {
		for _, list := range [][]proto.Value{m.Graph.Inputs, m.Graph.Outputs} {
			list[0].Dims = []proto.Dim{{Size: n}, {Size: 4}}
		}
	}
}

// flat is a softmax over all elements of the declared batch.
func flat(n int64) []proto.Node {
	return []proto.Node{intsNode("flat", -1), intsNode("rows", -1, 4), op("a", "Reshape", x("flat")), op("b", "Softmax", []string{"a"}, intAttr("axis", -1)), op("y", "Reshape", []string{"b", "rows"})}
}

// TestDeclaredBatch: a file that declares its batch computes for more rows what a Runner computes for one declared batch at a time,
// also if its nodes would mix the rows of a larger batch.
func TestDeclaredBatch(t *testing.T) {
	weights := func(m *proto.Model) {
		fixed(1)(m)
		m.Graph.Initializers = []proto.Tensor{{Name: "w", Type: proto.Float32, Dims: []int64{4, 4}, Raw: raw(1, 0, 0, 2, 0, 1, 0, 0, 0, 3, 1, 0, 1, 0, 0, 1)}}
	}
	for _, c := range []struct {
		name  string
		batch int
		file  []byte
	}{
		{"rows that mix", 1, file(fixed(1), flat(1)...)},
		{"a shape that holds the batch", 1, file(fixed(1), intsNode("flat", 1, -1), op("a", "Reshape", x("flat")), op("y", "Softmax", []string{"a"}, intAttr("axis", -1)))},
		{"a size that is the batch by chance", 2, file(fixed(2), intsNode("two", 2, -1), op("a", "Transpose", x()), op("b", "Reshape", []string{"a", "two"}), op("c", "Softmax", []string{"b"}, intAttr("axis", -1)), intsNode("four", 4, -1), op("d", "Reshape", []string{"c", "four"}), op("y", "Transpose", []string{"d"}))},
		{"rows of two that mix", 2, file(fixed(2), flat(2)...)},
		{"rows that stay apart", 1, file(weights, node("MatMul", x("w")))},
		{"a shape of one batch only", 1, file(weights, intsNode("shape", 1, 2, 2), intsNode("rows", 1, 4), op("a", "Reshape", x("shape")), op("b", "Reshape", []string{"a", "rows"}), op("y", "MatMul", []string{"b", "w"}))},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := onnx.LoadBytes(c.file, "")
			require.NoError(t, err)
			m := imported(t, c.file)
			for _, size := range []int{2, 6} {
				rows := samples(size, []int{4}, tensor.Float32)
				got := predicted(t, m, rows)
				for at := 0; at < size; at += c.batch {
					part := float32s([]int{c.batch, 4}, rows.Float32s()[4*at:4*(at+c.batch)]...)
					want := ran(t, r, map[string]onnx.Tensor{"x": part})["y"].Data
					require.InDeltaSlice(t, want, got.Float32s()[4*at:4*(at+c.batch)], 1e-6, "rows from %d of %d", at, size)
				}
			}
		})
	}
	net, err := onnx.Read(bytes.NewReader(file(fixed(3), flat(3)...)))
	require.NoError(t, err)
	_, err = graph.Compile(net, graph.Config{Input: net.Input()}) // for a batch of 2
	require.ErrorContains(t, err, "got a batch of 2, want a multiple of 3, the batch that the file declares, since its nodes mix rows: export the file with an open batch")
	_, err = imported(t, file(fixed(2), flat(2)...)).Predict(context.Background(), samples(3, []int{4}, tensor.Float32))
	require.ErrorContains(t, err, "got a batch of 3, want a multiple of 2, the batch that the file declares")
}

// TestDeclaredBatchTrains: a network that is computed one declared batch at a time trains, and so does the one that a model file holds.
func TestDeclaredBatchTrains(t *testing.T) {
	b := file(func(m *proto.Model) {
		fixed(1)(m)
		m.Graph.Initializers = []proto.Tensor{{Name: "w", Type: proto.Float32, Dims: []int64{4, 4}, Raw: raw(make([]float32, 16)...)}}
	}, append(flat(1)[:3], op("b", "Softmax", []string{"a"}, intAttr("axis", -1)), op("c", "Reshape", []string{"b", "rows"}), op("y", "MatMul", []string{"c", "w"}))...)
	net, err := onnx.Read(bytes.NewReader(b))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 1}})
	require.NoError(t, err)
	rows := samples(6, []int{4}, tensor.Float32)
	data := graph.Arrays{X: rows, Y: samples(6, []int{4}, tensor.Float32)}
	_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 6})
	require.NoError(t, err)
	require.NotEqual(t, make([]float32, 16), m.Weights()["w"].Data())
	again, err := graph.ReadModel(bytes.NewReader(bytesOf(t, m)))
	require.NoError(t, err)
	near(t, predicted(t, m, rows), predicted(t, again, rows), 0)
}
