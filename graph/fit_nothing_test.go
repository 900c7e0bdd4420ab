package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestNothingCounts: the loss of a step whose batch has only targets that are left out is NaN, or that of the other outputs; on whole
// batches and on shards it is the same, and so are the running mean and the weights.
func TestNothingCounts(t *testing.T) {
	classes := tensor.New(tensor.WithShape(16), tensor.WithBacking([]float64{-1, -1, -1, -1, 0, 1, 1, 0, -1, -1, -1, -1, 1, 0, 1, 1}))
	cross := losses.SparseCategoricalCrossEntropy{Ignore: []int{-1}}
	for _, c := range []struct {
		name    string
		outputs map[string]graph.Output
		targets map[string]*graph.Tensor
		nothing func(loss float64) bool // is true for the loss of a batch in which no class counts
	}{
		{"one loss", nil, nil, math.IsNaN},
		{"two losses", map[string]graph.Output{"size": {Loss: losses.MeanSquaredError{}}}, map[string]*graph.Tensor{"size": random(2, 16, 1)},
			func(loss float64) bool { return loss > 0 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				if c.outputs != nil {
					s.Output("size", s.Apply(layers.Dense{Units: 1}, x))
				}
				return s.Apply(layers.Sequential{layers.Dense{Units: 2}, layers.Softmax{}}, x)
			})
			var steps, means, weights []float64
			for _, shards := range []int{0, 1, 2, 4} {
				m, err := graph.Compile(net, graph.Config{
					Input: []int{3}, DType: tensor.Float64, Loss: cross, Outputs: c.outputs, Optimizer: optimizers.SGD{LearningRate: 0.1, Momentum: 0.5},
				})
				require.NoError(t, err)
				var gotSteps, gotMeans []float64
				_, err = m.Fit(context.Background(), graph.Arrays{X: random(1, 16, 3), Y: classes, Targets: c.targets}, graph.FitConfig{
					BatchSize: 4, NoShuffle: true, Shards: shards,
					Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
						if e == graph.StepEnd {
							gotSteps, gotMeans = append(gotSteps, r.StepLoss), append(gotMeans, r.Loss)
						}
						return nil
					})},
				})
				require.NoError(t, err)
				var w []float64
				for _, name := range m.Weights().Names() {
					w = append(w, m.Weights()[name].Float64s()...)
				}
				if shards == 0 {
					steps, means, weights = gotSteps, gotMeans, w
				}
				require.InDeltaSlice(t, weights, w, 1e-12, "%d shards", shards)
				for i := range steps {
					for what, v := range map[string][2]float64{"step": {steps[i], gotSteps[i]}, "mean": {means[i], gotMeans[i]}} {
						require.Equal(t, math.IsNaN(v[0]), math.IsNaN(v[1]), "%s %d with %d shards", what, i+1, shards)
						if v[0] == v[0] {
							require.InDelta(t, v[0], v[1], 1e-12, "%s %d with %d shards", what, i+1, shards)
						}
					}
				}
			}
			require.True(t, c.nothing(steps[0]), "got the loss %v", steps[0])
			require.True(t, c.nothing(steps[2]), "got the loss %v", steps[2])
			require.True(t, c.nothing(means[0]), "got the mean %v", means[0])
			require.Greater(t, min(steps[1], steps[3], means[1], means[3]), 0.0)
		})
	}
}
