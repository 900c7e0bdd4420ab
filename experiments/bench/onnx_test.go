package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestONNX: onnxruntime computes the networks of the experiments as we do, and so do we when we read the files.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	for _, name := range workloadNames() {
		w := workloads[name]
		m, err := w.model(setting{Optimizer: "adam"})
		require.NoError(t, err)
		var file bytes.Buffer
		require.NoError(t, onnx.Write(&file, m))
		data, err := w.data(true)
		require.NoError(t, err)
		for b, err := range data.Batches(7, nil) {
			require.NoError(t, err)
			y, err := m.Predict(context.Background(), b.X)
			require.NoError(t, err)
			want := golden.Tensor{Shape: y.Shape()}
			for _, v := range y.Float32s() {
				want.Data = append(want.Data, float64(v))
			}
			got, err := r.Run(file.Bytes(), b.X)
			require.NoError(t, err)
			want.Equal(t, name, got[0], golden.Tolerance{Relative: 1e-5, Absolute: 1e-5})
			layer, err := onnx.Read(&file)
			require.NoError(t, err)
			again, err := graph.Compile(layer, graph.Config{Input: w.input})
			require.NoError(t, err)
			z, err := again.Predict(context.Background(), b.X)
			require.NoError(t, err)
			want.Equal(t, name+", read", z, golden.Tolerance{Relative: 1e-6, Absolute: 1e-6})
			break
		}
	}
}
