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
	"github.com/nndiy/nndiy/optimizers"
)

// TestEverySampleOnce: an epoch contains each sample once, the smaller last batch included, in an order that changes.
func TestEverySampleOnce(t *testing.T) {
	x := tensor.New(tensor.WithShape(7, 1), tensor.WithBacking([]float64{0, 1, 2, 3, 4, 5, 6}))
	orders := map[string]bool{}
	for seed := range uint64(5) {
		seen := map[float64]int{}
		var order []float64
		for b, err := range (graph.Arrays{X: x, Y: x}).Batches(3, rand.New(rand.NewPCG(seed, 0))) {
			require.NoError(t, err)
			require.Equal(t, b.X.Float64s(), b.Y.Float64s())
			for _, v := range b.X.Float64s() {
				seen[v]++
				order = append(order, v)
			}
		}
		require.Len(t, seen, 7)
		require.Len(t, order, 7)
		orders[fmt.Sprint(order)] = true
	}
	require.Greater(t, len(orders), 1)
}

// TestBatchSizes: 0 means the whole set (gradient descent), 1 is stochastic, and a size larger than the set means the set.
func TestBatchSizes(t *testing.T) {
	for size, steps := range map[int]int{0: 1, 1: 53, 10: 6, 53: 1, 100: 1} {
		t.Run(fmt.Sprint("size ", size), func(t *testing.T) {
			m, data := regression(t, graph.Config{Optimizer: optimizers.SGD{LearningRate: 0.01}})
			count, samples := 0, 0
			_, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: size, Callbacks: []graph.Callback{
				graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepEnd {
						count++
						samples = r.Samples
						require.Equal(t, steps, r.Steps)
					}
					return nil
				})}})
			require.NoError(t, err)
			require.Equal(t, steps, count)
			require.Equal(t, 53, samples)
		})
	}
}

// TestRaggedBatchCountsBySamples: the training loss is the mean over samples, not over batches.
func TestRaggedBatchCountsBySamples(t *testing.T) {
	net := layers.Dense{Units: 1, NoBias: true, KernelInit: graph.Zeros}
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Loss: losses.MeanSquaredError{}, Optimizer: frozen{}})
	require.NoError(t, err)
	y := tensor.New(tensor.WithShape(5, 1), tensor.WithBacking([]float64{1, 2, 3, 4, 5}))
	h, err := m.Fit(context.Background(), graph.Arrays{X: y, Y: y}, graph.FitConfig{BatchSize: 2})
	require.NoError(t, err)
	require.InDelta(t, 11, h.Logs[0]["train_loss"], 1e-6)
	logs, err := m.Evaluate(context.Background(), graph.Arrays{X: y, Y: y})
	require.NoError(t, err)
	require.InDelta(t, 11, logs["loss"], 1e-6)
}
