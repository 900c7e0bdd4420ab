package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestONNX: onnxruntime computes the same as both networks, for strings of different lengths.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	for _, name := range []string{"lstm", "transformer"} {
		t.Run(name, func(t *testing.T) {
			f := networks()
			require.NoError(t, f.Set(name))
			const characters = 30
			m, err := graph.Compile(f.Value().layers(characters), graph.Config{Input: []int{graph.Any}, Seed: 1})
			require.NoError(t, err)
			var file bytes.Buffer
			require.NoError(t, onnx.Write(&file, m))
			for _, length := range []int{1, 9, 20} {
				x := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(2, length))
				for i := range x.Float32s() {
					x.Float32s()[i] = float32(i * 7 % characters)
				}
				want, err := m.Predict(context.Background(), x)
				require.NoError(t, err)
				got, err := r.Run(file.Bytes(), x)
				require.NoError(t, err)
				require.InDeltaSlice(t, want.Float32s(), got[0].Float32s(), 1e-5)
			}
		})
	}
}
