package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// random returns a tensor of normally distributed numbers.
func random(seed uint64, shape ...int) *tensor.Dense {
	rng := rand.New(rand.NewPCG(seed, 7))
	n := 1
	for _, d := range shape {
		n *= d
	}
	data := make([]float64, n)
	for i := range data {
		data[i] = rng.NormFloat64()
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// regression returns a model and data that it can learn. The settings that cfg leaves out have defaults.
func regression(t *testing.T, cfg graph.Config) (*graph.Model, graph.Arrays) {
	t.Helper()
	cfg.Input = []int{5}
	if cfg.Loss == nil {
		cfg.Loss = losses.MeanSquaredError{}
	}
	if cfg.Optimizer == nil {
		cfg.Optimizer = optimizers.Adam{LearningRate: 1e-2}
	}
	net := layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dropout{Rate: 0.1}, layers.Dense{Units: 2}}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	x := random(1, 53, 5)
	y := random(2, 53, 2)
	for i := range 53 {
		y.Float64s()[2*i] = x.Float64s()[5*i] * x.Float64s()[5*i+1]
	}
	return m, graph.Arrays{X: x, Y: y}
}

// bits returns all numbers of the weights as a string, to compare them exactly.
func bits(w graph.Weights) string {
	s := ""
	for _, name := range w.Names() {
		s += fmt.Sprint(name, w[name].Data())
	}
	return s
}

// TestReproducible: the same seed gives the same bits, whatever the number of workers.
func TestReproducible(t *testing.T) {
	run := func(seed uint64, workers int, dt tensor.Dtype) (string, graph.History) {
		m, data := regression(t, graph.Config{Seed: seed, Workers: workers, DType: dt})
		h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 4, BatchSize: 8, Valid: data})
		require.NoError(t, err)
		return bits(m.Weights()), h
	}
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			a, ha := run(3, 1, dt)
			b, hb := run(3, 2, dt)
			require.Equal(t, a, b)
			require.Equal(t, ha, hb)
			c, _ := run(4, 1, dt)
			require.NotEqual(t, a, c)
		})
	}
}

// TestLogsAndMetrics: each epoch logs the loss and the metrics of both sets, and the learning rate.
func TestLogsAndMetrics(t *testing.T) {
	m, data := regression(t, graph.Config{DType: tensor.Float64, Metrics: []graph.Metric{metrics.MeanSquaredError{}, metrics.R2{}}})
	h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 20, Valid: data})
	require.NoError(t, err)
	var names []string
	for _, metric := range []graph.Metric{metrics.MeanSquaredError{}, metrics.R2{}} {
		names = append(names, "train_"+metric.Name(), "valid_"+metric.Name())
	}
	for _, name := range append(names, "train_loss", "valid_loss", "learning_rate") {
		require.Len(t, h.Series(name), 2, name)
	}
	require.InDelta(t, h.Logs[1]["valid_loss"], h.Logs[1]["valid_"+metrics.MeanSquaredError{}.Name()], 1e-12)
}
