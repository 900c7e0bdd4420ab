package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAccumulate: small batches accumulated into one update give the weights of one large batch, also at the end of an epoch
// where fewer batches are left.
func TestAccumulate(t *testing.T) {
	data := graph.Arrays{X: random(1, 19, 4), Y: random(2, 19, 2)}
	train := func(batch, accumulate int) *graph.Model {
		m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 3}, layers.Tanh{}, layers.Dense{Units: 2}}, graph.Config{
			Input: []int{4}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64,
			Optimizer: optimizers.Clip{Optimizer: optimizers.Adam{}, GlobalNorm: 0.1},
		})
		require.NoError(t, err)
		_, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: batch, Accumulate: accumulate})
		require.NoError(t, err)
		return m
	}
	want := train(8, 0).Weights()
	for name, w := range train(4, 2).Weights() { // 4+4, 4+4, 3
		require.InDeltaSlice(t, want[name].Float64s(), w.Float64s(), 1e-13, name)
	}
	want = train(19, 1).Weights()
	for name, w := range train(5, 100).Weights() {
		require.InDeltaSlice(t, want[name].Float64s(), w.Float64s(), 1e-13, name)
	}
}
