package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/optimizers"
)

// TestDiverged: a loss that is not finite ends training with an error that says when; the model has finite weights again.
func TestDiverged(t *testing.T) {
	m, data := regression(t, graph.Config{Optimizer: optimizers.SGD{LearningRate: 1e6}})
	_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 50, BatchSize: 10})
	require.ErrorIs(t, err, graph.ErrDiverged)
	require.Regexp(t, `^graph: Fit: epoch \d+, step \d+: training diverged: the loss is (NaN|\+Inf)$`, err.Error())
	logs, err := m.Evaluate(context.Background(), data)
	require.NoError(t, err)
	require.False(t, math.IsNaN(logs["loss"]) || math.IsInf(logs["loss"], 0))
	_, err = m.Fit(context.Background(), graph.Arrays{X: data.X, Y: random(3, 53, 2)}, graph.FitConfig{Callbacks: []graph.Callback{
		graph.CallbackFunc(func(r *graph.Run, _ graph.Event) error { r.Rate = 1e-3; return nil })}})
	require.NoError(t, err, "the model can be trained further")

	bad := random(1, 53, 5)
	bad.Float64s()[17] = math.NaN()
	before := bits(m.Weights())
	_, err = m.Fit(context.Background(), graph.Arrays{X: bad, Y: data.Y}, graph.FitConfig{})
	require.ErrorIs(t, err, graph.ErrDiverged, "a NaN in the data is an error")
	require.ErrorContains(t, err, "the loss is NaN: the input has NaN at element 2 of sample ")
	require.Equal(t, before, bits(m.Weights()))
}

// TestFitErrors: a wrong argument is an error that says what was got and what is wanted.
func TestFitErrors(t *testing.T) {
	m, data := regression(t, graph.Config{})
	ctx := context.Background()
	negative := graph.CallbackFunc(func(r *graph.Run, _ graph.Event) error { r.Rate = -1; return nil })
	for name, r := range map[string]struct {
		train graph.Dataset
		cfg   graph.FitConfig
		want  string
	}{
		"no data":              {nil, graph.FitConfig{}, "graph: Fit: got no training data, want at least one sample"},
		"empty data":           {graph.Arrays{}, graph.FitConfig{}, "graph: Fit: got no training data, want at least one sample"},
		"negative epochs":      {data, graph.FitConfig{Epochs: -1}, "graph: Fit: Epochs: got -1, want 0 or more"},
		"negative batch size":  {data, graph.FitConfig{BatchSize: -1}, "graph: Fit: BatchSize: got -1, want 0 or more"},
		"negative Accumulate":  {data, graph.FitConfig{Accumulate: -1}, "graph: Fit: Accumulate: got -1, want 0 or more"},
		"negative ValidEvery":  {data, graph.FitConfig{ValidEvery: -1}, "graph: Fit: ValidEvery: got -1, want 0 or more"},
		"negative MaxSteps":    {data, graph.FitConfig{MaxSteps: -1}, "graph: Fit: MaxSteps: got -1, want 0 or more"},
		"negative MaxTime":     {data, graph.FitConfig{MaxTime: -1}, "graph: Fit: MaxTime: got -1ns, want 0 or more"},
		"empty validation set": {data, graph.FitConfig{Valid: graph.Arrays{}}, "Valid: got an empty set, want nil or at least one sample"},
		"width of X":           {graph.Arrays{X: random(1, 9, 4), Y: random(1, 9, 2)}, graph.FitConfig{}, "graph: Fit: epoch 1, step 1: input: got shape [9 4], want [n 5]"},
		"rows of Y":            {graph.Arrays{X: random(1, 9, 5), Y: random(1, 8, 2)}, graph.FitConfig{}, "graph: Fit: Arrays: Y: got shape [8 2], want 9 rows as in X"},
		"no Y":                 {graph.Arrays{X: random(1, 9, 5)}, graph.FitConfig{}, "target: got no tensor, want 9 rows as the input has"},
		"width of Y":           {graph.Arrays{X: random(1, 9, 5), Y: random(1, 9, 3)}, graph.FitConfig{}, "loss: got a prediction of shape [9 2] and a target of shape [9 3], want the same"},
		"learning rate": {data, graph.FitConfig{Callbacks: []graph.Callback{negative}},
			"TrainBegin: got the learning rate -1 from a callback, want a finite number of 0 or more"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := m.Fit(ctx, r.train, r.cfg)
			require.ErrorContains(t, err, r.want)
		})
	}
	only, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{5}})
	require.NoError(t, err)
	_, err = only.Fit(ctx, data, graph.FitConfig{})
	require.ErrorContains(t, err, "compiled without a Loss")
	_, err = only.Evaluate(ctx, data)
	require.ErrorContains(t, err, "compiled without a Loss")
}
