package graph_test

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestTrainingModeDropout: a seed gives the same noise again, another one other noise; the noise of a sample depends on its number
// in the call; the mean over many seeds is the prediction of a linear network.
func TestTrainingModeDropout(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 8}, layers.Dropout{Rate: 0.5}, layers.Dense{Units: 2}},
		graph.Config{Input: []int{3}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64, Seed: 1})
	require.NoError(t, err)
	ctx, x := context.Background(), random(1, 1200, 3)
	predict := func(m *graph.Model, x *graph.Tensor) []float64 {
		y, err := m.Predict(ctx, x)
		require.NoError(t, err)
		return y.Float64s()
	}
	before, plain := m.Weights(), predict(m, x)
	first := predict(m.TrainingMode(1), x)
	require.NotEqual(t, plain, first)
	require.Equal(t, first, predict(m.TrainingMode(1), x))
	require.NotEqual(t, first, predict(m.TrainingMode(2), x))
	rows, err := x.Slice(tensor.S(0, 7))
	require.NoError(t, err)
	require.Equal(t, first[:14], predict(m.TrainingMode(1), rows.(*tensor.Dense)), "of the first rows, whatever rows follow")
	require.Equal(t, plain, predict(m, x))
	require.Equal(t, before, m.Weights())

	mean := make([]float64, 14)
	const samples = 4000
	for seed := range uint64(samples) {
		for i, v := range predict(m.TrainingMode(seed), rows.(*tensor.Dense)) {
			mean[i] += v / samples
		}
	}
	for i, v := range mean {
		require.InDelta(t, plain[i], v, 0.15)
	}
	part, err := m.TrainingMode(1).Sub("dropout1")
	require.NoError(t, err)
	require.Contains(t, predict(part, random(2, 1, 8)), 0.0)
}

// TestTrainingModeStatistics: BatchNorm normalizes by the rows of the call, as many as there are, and keeps its statistics.
func TestTrainingModeStatistics(t *testing.T) {
	m, err := graph.Compile(layers.BatchNorm{}, graph.Config{Input: []int{2}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64})
	require.NoError(t, err)
	before := m.Weights()
	x := random(1, 1000, 2)
	y, err := m.TrainingMode(0).Predict(context.Background(), x)
	require.NoError(t, err)
	for column := range 2 {
		sum, squares := 0.0, 0.0
		for i := range 1000 {
			v := y.Float64s()[2*i+column]
			sum, squares = sum+v, squares+v*v
		}
		require.InDelta(t, 0, sum/1000, 1e-12)
		require.InDelta(t, 1, squares/1000, 1e-3)
	}
	require.Equal(t, before, m.Weights())
	logs, err := m.TrainingMode(0).Evaluate(context.Background(), graph.Arrays{X: x, Y: y})
	require.NoError(t, err)
	require.False(t, math.IsNaN(logs["loss"]))
	var wait sync.WaitGroup
	for seed := range uint64(4) {
		wait.Go(func() {
			for range 5 {
				got, err := m.TrainingMode(seed).Predict(context.Background(), x)
				if err != nil || !got.Eq(y) {
					t.Errorf("got error %v or another prediction beside others", err)
				}
			}
		})
	}
	wait.Wait()
}
