package graph_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestRange: whatever takes a tensor of float64 for a model of float32 returns an error for a finite number that float32 does not have,
// where it computed with infinity, and changes nothing.
func TestRange(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 2}, layers.Tanh{}},
		graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(t, err)
	before := m.Weights()
	small := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1, 2, 3}))
	large := tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float64{1, 1e39, 2, 3}))
	weights := graph.Weights{"dense1/weight": large, "dense1/bias": tensor.New(tensor.WithShape(2), tensor.WithBacking([]float64{1, 2}))}
	var file bytes.Buffer
	require.NoError(t, graph.WriteWeights(&file, weights, nil))
	ctx := t.Context()
	for name, f := range map[string]func() error{
		"Predict":  func() error { _, err := m.Predict(ctx, large); return err },
		"Evaluate": func() error { _, err := m.Evaluate(ctx, graph.Arrays{X: large, Y: small}); return err },
		"Step":     func() error { _, err := m.Step(ctx, graph.Batch{X: large, Y: small}); return err },
		"target":   func() error { _, err := m.Step(ctx, graph.Batch{X: small, Y: large}); return err },
		"Fit":      func() error { _, err := m.Fit(ctx, graph.Arrays{X: large, Y: small}, graph.FitConfig{}); return err },
		"Shards": func() error {
			_, err := m.Fit(ctx, graph.Arrays{X: large, Y: small}, graph.FitConfig{Shards: 2})
			return err
		},
		"Weights": func() error { return m.SetWeights(weights) },
		"Load":    func() error { return m.Load(&file) },
		"Apply":   func() error { return m.Apply(weights) },
	} {
		t.Run(name, func(t *testing.T) {
			err := f()
			require.ErrorContains(t, err, "element 1: got 1e+39, want a number in the range of float32")
			switch name {
			case "Weights", "Load", "Apply":
			default:
				require.ErrorIs(t, err, graph.ErrInput)
			}
			require.Equal(t, before, m.Weights())
		})
	}
}
