package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestSaliency: the saliency of a linear network is the absolute weight of the predicted class, whatever softmax follows; of a deep one
// it agrees with central differences.
func TestSaliency(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Softmax{}}, graph.Config{Input: []int{3}, DType: tensor.Float64, Seed: 1})
	require.NoError(t, err)
	weight := tensor.New(tensor.WithShape(3, 2), tensor.WithBacking([]float64{1, -4, 2, 5, -3, 6}))
	require.NoError(t, m.SetWeights(graph.Weights{"dense1/weight": weight, "dense1/bias": m.Weights()["dense1/bias"]}))
	x := tensor.New(tensor.WithShape(2, 3), tensor.WithBacking([]float64{1, 0, 0, 0, 1, 0}))
	got, err := m.Saliency(ctx, x)
	require.NoError(t, err)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, got.Data())

	m, err = graph.Compile(layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3}}, layers.BatchNorm{}, layers.Tanh{}, layers.Flatten{}, layers.Dense{Units: 1}},
		graph.Config{Input: []int{1, 4, 4}, DType: tensor.Float64, Seed: 2})
	require.NoError(t, err)
	pixels := make([]float64, 16)
	for i := range pixels {
		pixels[i] = float64(i*i%7) / 7
	}
	x = tensor.New(tensor.WithShape(1, 1, 4, 4), tensor.WithBacking(pixels))
	got, err = m.Saliency(ctx, x)
	require.NoError(t, err)
	at := func(i int, d float64) float64 {
		pixels[i] += d
		defer func() { pixels[i] -= d }()
		y, err := m.Predict(ctx, x)
		require.NoError(t, err)
		return y.Float64s()[0]
	}
	for i, v := range got.Float64s() {
		d := (at(i, 1e-5) - at(i, -1e-5)) / 2e-5
		require.InDelta(t, max(d, -d), v, 1e-8)
	}
	_, err = m.Saliency(ctx, tensor.New(tensor.WithShape(1, 3), tensor.WithBacking(make([]float64, 3))))
	require.ErrorContains(t, err, "graph: Saliency: ")
}
