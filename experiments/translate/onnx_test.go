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

// onnxruntime agrees on the translator and on its attention, for texts of different lengths, with padding.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	m := translator(t)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	for _, texts := range [][]string{{"1/2/06"}, {"28 November 2026", "the second of January, nineteen seventy"}} {
		var list []pair
		for _, text := range texts {
			list = append(list, pair{text, "2026-11-28"})
		}
		d, err := dataset(list)
		require.NoError(t, err)
		for b, err := range d.Batches(len(list), nil) {
			require.NoError(t, err)
			in := map[string]*graph.Tensor{graph.MainInput: float32s(b.X), writtenInput: float32s(b.Inputs[writtenInput])}
			want, err := m.PredictAll(context.Background(), in)
			require.NoError(t, err)
			got, err := r.RunAll(file.Bytes(), in)
			require.NoError(t, err)
			for _, name := range []string{graph.MainOutput, attentionOutput} {
				require.Equal(t, want[name].Shape(), got[name].Shape(), name)
				require.InDeltaSlice(t, want[name].Float32s(), got[name].Float32s(), 1e-5, name)
			}
		}
	}
}

// float32s returns numbers of characters as the file wants them.
func float32s(x *graph.Tensor) *graph.Tensor {
	y := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(x.Shape()...))
	for i, v := range x.Float64s() {
		y.Float32s()[i] = float32(v)
	}
	return y
}
