package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestRateFinderChangesNothing: training after a RateFinder has the bits that it has without one: weights, states, the optimizer's
// state, averages, noise and the order of samples.
func TestRateFinderChangesNothing(t *testing.T) {
	ctx := context.Background()
	for name, high := range map[string]float64{"diverges": 1e20, "all steps": 1e-2} {
		t.Run(name, func(t *testing.T) {
			data := graph.Arrays{X: random(1, 30, 5), Y: random(2, 30, 2)}
			var weights [2]graph.Weights
			var histories [2]graph.History
			for i := range weights {
				net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { // which no file can describe
					return s.Apply(layers.Sequential{layers.Dense{Units: 8}, layers.BatchNorm{}, layers.Dropout{Rate: 0.3}, layers.Dense{Units: 2}}, x)
				})
				m, err := graph.Compile(net, graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.EMA{Optimizer: optimizers.Adam{}}})
				require.NoError(t, err)
				train := func() {
					histories[i], err = m.Fit(ctx, data, graph.FitConfig{Epochs: 3, BatchSize: 8})
					require.NoError(t, err)
				}
				train()
				if i == 1 {
					finder := &callbacks.RateFinder{Max: high}
					_, err := m.Fit(ctx, data, graph.FitConfig{BatchSize: 8, MaxSteps: 50, Callbacks: []graph.Callback{finder}})
					require.NoError(t, err)
					require.Equal(t, weights[0].Names(), m.Weights().Names())
				}
				train()
				weights[i] = m.Weights()
			}
			require.Equal(t, histories[0], histories[1])
			for name, w := range weights[0] {
				require.Equal(t, w.Data(), weights[1][name].Data(), name)
			}
		})
	}
}
