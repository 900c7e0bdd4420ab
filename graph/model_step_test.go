package graph_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// stepped returns a model with noise and running statistics, and data for it.
func stepped(t *testing.T, o graph.Optimizer) (*graph.Model, graph.Arrays) {
	t.Helper()
	net := layers.Sequential{layers.Dense{Units: 6}, layers.BatchNorm{}, layers.Tanh{}, layers.Dropout{Rate: 0.3},
		layers.GaussianNoise{Deviation: 0.1}, layers.Dense{Units: 2}}
	m, err := graph.Compile(net, graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, Optimizer: o, Seed: 5,
		Metrics: []graph.Metric{metrics.MeanAbsoluteError{}}})
	require.NoError(t, err)
	return m, graph.Arrays{X: random(1, 30, 3), Y: random(2, 30, 2)}
}

// batches returns copies of a dataset's batches, in order.
func batches(t *testing.T, d graph.Dataset, size int) (list []graph.Batch) {
	t.Helper()
	for b, err := range d.Batches(size, nil) {
		require.NoError(t, err)
		list = append(list, graph.Batch{X: b.X.Clone().(*tensor.Dense), Y: b.Y.Clone().(*tensor.Dense)})
	}
	return list
}

// TestStepLogs: the logs of a step are those of Fit on the batch, which Run has too.
func TestStepLogs(t *testing.T) {
	m, data := stepped(t, optimizers.Adam{LearningRate: 0.01})
	other, _ := stepped(t, optimizers.Adam{LearningRate: 0.01})
	var losses []float64
	record := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd {
			losses = append(losses, r.StepLoss)
		}
		return nil
	})
	for i, b := range batches(t, data, 8) {
		logs, err := m.Step(context.Background(), b)
		require.NoError(t, err)
		h, err := other.Fit(context.Background(), graph.Arrays{X: b.X, Y: b.Y}, graph.FitConfig{NoShuffle: true, Callbacks: []graph.Callback{record}})
		require.NoError(t, err)
		want := h.Logs[0]
		require.Equal(t, graph.Logs{"loss": want["train_loss"], "mae": want["train_mae"], "learning_rate": 0.01}, logs)
		require.Equal(t, want["train_loss"], losses[i])
	}
	require.Equal(t, other.Weights(), m.Weights())
}

// TestStepInto replaces the contents of the Logs, and leaves them on error.
func TestStepInto(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{})
	logs := graph.Logs{"old": 1}
	require.ErrorIs(t, m.StepInto(context.Background(), logs, graph.Batch{X: data.X}), graph.ErrInput)
	require.Equal(t, graph.Logs{"old": 1}, logs)
	require.NoError(t, m.StepInto(context.Background(), logs, graph.Batch{X: data.X, Y: data.Y}))
	require.Equal(t, []string{"learning_rate", "loss", "mae"}, logs.Names())
	require.EqualError(t, m.StepInto(context.Background(), nil, graph.Batch{}), "graph: StepInto: got nil Logs, want a map")
}

// TestApply: Gradients and Apply are a step, except for the states.
func TestApply(t *testing.T) {
	rule := optimizers.Clip{Optimizer: optimizers.EMA{Optimizer: optimizers.Adam{LearningRate: 0.1}}, GlobalNorm: 0.5}
	m, data := stepped(t, rule)
	other, _ := stepped(t, rule)
	for range 3 {
		for _, b := range batches(t, data, 8) {
			_, w, err := m.GradientsOf(b)
			require.NoError(t, err)
			before := w["dense1/weight"].Clone()
			require.NoError(t, m.Apply(w))
			require.Equal(t, before, w["dense1/weight"], "Apply does not change the gradients")
			_, err = other.Step(context.Background(), b)
			require.NoError(t, err)
		}
	}
	want := other.Weights()
	for name, w := range m.Weights() {
		if name != "batchnorm1/running_mean" && name != "batchnorm1/running_var" {
			require.Equal(t, want[name], w, name)
		}
	}
}

// TestSetRate: Step and Apply use the rate, Fit does not.
func TestSetRate(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{LearningRate: 0.5})
	b := graph.Batch{X: data.X, Y: data.Y}
	require.NoError(t, m.SetRate(0))
	before := m.Weights()
	logs, err := m.Step(context.Background(), b)
	require.NoError(t, err)
	require.Zero(t, logs["learning_rate"])
	_, w, err := m.GradientsOf(b)
	require.NoError(t, err)
	require.NoError(t, m.Apply(w))
	require.Equal(t, before["dense1/weight"], m.Weights()["dense1/weight"])
	h, err := m.Fit(context.Background(), data, graph.FitConfig{})
	require.NoError(t, err)
	require.Equal(t, 0.5, h.Logs[0]["learning_rate"])
	for _, rate := range []float64{-1, math.NaN(), math.Inf(1)} {
		require.ErrorContains(t, m.SetRate(rate), "graph: SetRate: got")
	}
}

// TestStepErrors: a step that returns an error changes nothing.
func TestStepErrors(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{})
	b := graph.Batch{X: data.X, Y: data.Y}
	_, gradients, err := m.GradientsOf(b)
	require.NoError(t, err)
	part, err := m.Sub("dense1")
	require.NoError(t, err)
	plain, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	bad := random(3, 4, 3)
	bad.Float64s()[4] = math.NaN()
	over, cancel := context.WithCancel(context.Background())
	cancel()
	step := func(m *graph.Model, ctx context.Context, b graph.Batch) func() error {
		return func() error {
			_, err := m.Step(ctx, b)
			return err
		}
	}
	with := func(change func(graph.Weights)) func() error {
		return func() error {
			w := graph.Weights{}
			for name, g := range gradients {
				w[name] = g
			}
			change(w)
			return m.Apply(w)
		}
	}
	ctx := context.Background()
	before := m.Weights()
	for name, c := range map[string]struct {
		f    func() error
		want string
		is   error
	}{
		"part":    {step(part, ctx, b), "graph: Step: got a part of a model", nil},
		"no loss": {step(plain, ctx, b), "graph: Step: got a model compiled without a Loss", nil},
		"no Y":    {step(m, ctx, graph.Batch{X: b.X}), "graph: Step: target: got no tensor, want 30 rows as the input has", graph.ErrInput},
		"context": {step(m, over, b), "context canceled", context.Canceled},
		"no ctx":  {step(m, nil, b), "graph: Step: got no context", nil}, //nolint:staticcheck
		"NaN":     {step(m, ctx, graph.Batch{X: bad, Y: random(1, 4, 2)}), "graph: Step: the loss is NaN: the input has NaN at element 1 of sample 1 of the batch", graph.ErrInput},
		"missing": {with(func(w graph.Weights) { delete(w, "dense1/bias") }), `graph: Apply: gradients: got none of "dense1/bias", want one for each`, nil},
		"unknown": {with(func(w graph.Weights) { w["batchnorm1/running_mean"] = w["dense1/bias"] }), `graph: Apply: gradients: got "batchnorm1/running_mean", want only trained`, nil},
		"shape":   {with(func(w graph.Weights) { w["dense1/bias"] = w["dense1/weight"] }), "graph: Apply: gradient dense1/bias: got shape [3 6], want [6]", nil},
		"infinite": {with(func(w graph.Weights) {
			w["dense2/bias"] = tensor.New(tensor.WithBacking([]float32{1, float32(math.Inf(1))}))
		}), "graph: Apply: gradient dense2/bias: got a number that is not finite", nil},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.f()
			require.ErrorContains(t, err, c.want)
			require.NotErrorIs(t, err, graph.ErrDiverged)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.Equal(t, before, m.Weights())
		})
	}
	require.NoError(t, m.Freeze(""))
	require.ErrorContains(t, m.Apply(gradients), "graph: Apply: got a model whose parameters are all frozen")
	require.ErrorContains(t, step(m, ctx, b)(), "graph: Step: got a model whose parameters are all frozen")
}

// TestStepDiverges: the weights return to those of a finite loss, and later steps train.
func TestStepDiverges(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{LearningRate: 0.01})
	b := graph.Batch{X: data.X, Y: data.Y}
	_, err := m.Step(context.Background(), b)
	require.NoError(t, err)
	require.NoError(t, m.SetRate(1e30))
	for err == nil {
		_, err = m.Step(context.Background(), b)
	}
	require.ErrorIs(t, err, graph.ErrDiverged)
	require.NoError(t, m.SetRate(0.01))
	logs, err := m.Step(context.Background(), b)
	require.NoError(t, err)
	require.Less(t, logs["loss"], 100.0)
}

// TestStepBesides: steps run beside predictions and other steps, but not beside Fit.
func TestStepBesides(t *testing.T) {
	m, data := stepped(t, optimizers.EMA{Optimizer: optimizers.Adam{}})
	ctx, b := context.Background(), graph.Batch{X: data.X, Y: data.Y}
	var wait sync.WaitGroup
	start := func(f func() error) {
		wait.Go(func() {
			for range 20 {
				if err := f(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		start(func() error {
			_, err := m.Step(ctx, b)
			return err
		})
		start(func() error {
			_, err := m.Predict(ctx, data.X)
			return err
		})
	}
	start(func() error {
		_, w, err := m.GradientsOf(b)
		return errors.Join(err, m.Apply(w), m.SetRate(0.1))
	})
	start(func() error { return m.SetWeights(m.Weights()) })
	wait.Wait()
	steps := 0
	_, err := m.Fit(ctx, data, graph.FitConfig{Callbacks: []graph.Callback{graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd {
			steps = r.Total
			_, err := m.Step(ctx, b)
			require.EqualError(t, err, "graph: Step: the model is being trained by Fit")
		}
		return nil
	})}})
	require.NoError(t, err)
	require.Equal(t, 61, steps)
}
