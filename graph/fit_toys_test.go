package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// descents are the three optimizers of the library that this one continues: SGD with three batch sizes.
var descents = map[string]struct {
	batch, epochs int
	rate          float64
}{
	"gradient descent": {0, 1500, 1},
	"stochastic":       {1, 40, 0.1},
	"mini-batch":       {20, 60, 0.3},
}

// TestToyClassification: the old library reached accuracies of 0.87 to 1.00 on these sets.
func TestToyClassification(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector, and runs nothing concurrently that other tests do not")
	}
	sets := map[string]struct {
		make    func(n int, seed uint64) graph.Arrays
		classes int
	}{
		"two Gaussians":  {datasets.TwoGaussians, 2},
		"four Gaussians": {datasets.FourGaussians, 4},
		"four stripes":   {datasets.FourStripes, 4},
	}
	kinds := map[string]struct {
		loss   graph.Loss
		end    graph.Layer
		sparse bool
	}{
		"binary":             {losses.BinaryCrossEntropy{}, layers.Sigmoid{}, false},
		"sparse binary":      {losses.SparseBinaryCrossEntropy{}, layers.Sigmoid{}, true},
		"categorical":        {losses.CategoricalCrossEntropy{}, layers.Softmax{}, false},
		"sparse categorical": {losses.SparseCategoricalCrossEntropy{}, layers.Softmax{}, true},
	}
	for setName, set := range sets {
		for lossName, kind := range kinds {
			for how, d := range descents {
				t.Run(fmt.Sprintf("%s, %s, %s", setName, lossName, how), func(t *testing.T) {
					t.Parallel()
					train, valid := set.make(400, 1), set.make(400, 2)
					if !kind.sparse {
						train.Y, valid.Y = oneHot(t, train.Y, set.classes), oneHot(t, valid.Y, set.classes)
					}
					m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 16}, layers.Tanh{}, layers.Dense{Units: set.classes}, kind.end},
						graph.Config{Input: []int{2}, Loss: kind.loss, Optimizer: optimizers.SGD{LearningRate: d.rate}, Seed: 1,
							Metrics: []graph.Metric{metrics.Accuracy{}}})
					require.NoError(t, err)
					_, err = m.Fit(context.Background(), train, graph.FitConfig{Epochs: d.epochs, BatchSize: d.batch})
					require.NoError(t, err)
					logs, err := m.Evaluate(context.Background(), valid)
					require.NoError(t, err)
					require.GreaterOrEqual(t, logs["accuracy"], 0.95)
				})
			}
		}
	}
}

func oneHot(t *testing.T, y *tensor.Dense, classes int) *tensor.Dense {
	h, err := datasets.OneHot(y, classes)
	require.NoError(t, err)
	return h
}

// TestToyRegression: the old library reached losses of 0.005 to 0.027.
func TestToyRegression(t *testing.T) {
	for lossName, loss := range map[string]graph.Loss{
		"squared": losses.MeanSquaredError{}, "absolute": losses.MeanAbsoluteError{}, "root": losses.RootMeanSquaredError{},
	} {
		for how, d := range descents {
			t.Run(lossName+", "+how, func(t *testing.T) {
				t.Parallel()
				train, valid := datasets.Line(200, 0.005, 1), datasets.Line(200, 0.005, 2)
				m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}, Loss: loss, Seed: 1,
					Optimizer: optimizers.SGD{LearningRate: min(d.rate, 0.02)}})
				require.NoError(t, err)
				_, err = m.Fit(context.Background(), train, graph.FitConfig{Epochs: d.epochs, BatchSize: d.batch})
				require.NoError(t, err)
				logs, err := m.Evaluate(context.Background(), valid)
				require.NoError(t, err)
				require.LessOrEqual(t, logs["loss"], 0.027)
			})
		}
	}
}
