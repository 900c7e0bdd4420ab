package layers_test

import (
	"context"
	"flag"
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

var long = flag.Bool("long", false, "also run the tests that train a network to a given score")

// needLong skips a test that trains a network, except with -long.
func needLong(t *testing.T) {
	if !*long {
		t.Skip("trains a network: run with -long")
	}
}

// TestLSTMLearnsToAdd: the adding problem (Hochreiter & Schmidhuber 1997). Two of 40 random numbers in [0, 1) are marked, one
// in each half; the target is their sum. Always answering 1 has a mean squared error of 1/6.
func TestLSTMLearnsToAdd(t *testing.T) {
	needLong(t)
	const steps = 40
	numbers := func(n int, seed uint64) graph.Arrays {
		rng := rand.New(rand.NewPCG(seed, 0))
		x, y := make([]float32, n*steps*2), make([]float32, n)
		for i := range n {
			sample := x[i*steps*2:][:steps*2]
			for t := range steps {
				sample[2*t] = rng.Float32()
			}
			for _, t := range []int{rng.IntN(steps / 2), steps/2 + rng.IntN(steps/2)} {
				sample[2*t+1] = 1
				y[i] += sample[2*t]
			}
		}
		return graph.Arrays{
			X: tensor.New(tensor.WithShape(n, steps, 2), tensor.WithBacking(x)),
			Y: tensor.New(tensor.WithShape(n, 1), tensor.WithBacking(y)),
		}
	}
	m, err := graph.Compile(layers.Sequential{layers.LSTM{Units: 32}, layers.Dense{Units: 1}}, graph.Config{
		Input:     []int{steps, 2},
		Loss:      losses.MeanSquaredError{},
		Optimizer: optimizers.Clip{Optimizer: optimizers.Adam{LearningRate: 5e-3}, GlobalNorm: 1},
		Seed:      1,
	})
	require.NoError(t, err)
	_, err = m.Fit(context.Background(), numbers(20000, 1), graph.FitConfig{Epochs: 5, BatchSize: 64})
	require.NoError(t, err)
	logs, err := m.Evaluate(context.Background(), numbers(2000, 2))
	require.NoError(t, err)
	require.Less(t, logs["loss"], 0.01)
}

// TestTransformerLearnsToReverse: a transformer with two causal blocks reads eight random letters, out of ten, and eight
// blanks; at the blanks it has to output the letters in reverse order. A guess has an accuracy of 1/10.
func TestTransformerLearnsToReverse(t *testing.T) {
	needLong(t)
	const letters, length, features = 10, 8, 32
	words := func(n int, seed uint64) graph.Arrays {
		rng := rand.New(rand.NewPCG(seed, 0))
		x, y := make([]float32, n*2*length), make([]float32, n*length)
		for i := range n {
			for j := range length {
				letter := float32(rng.IntN(letters))
				x[i*2*length+j], x[i*2*length+length+j] = letter, letters
				y[i*length+length-1-j] = letter
			}
		}
		return graph.Arrays{
			X: tensor.New(tensor.WithShape(n, 2*length), tensor.WithBacking(x)),
			Y: tensor.New(tensor.WithShape(n, length), tensor.WithBacking(y)),
		}
	}
	block := layers.Sequential{
		layers.Residual{Layer: layers.Sequential{
			layers.LayerNorm{}, layers.MultiHeadAttention{Heads: 4, Causal: true},
		}},
		layers.Residual{Layer: layers.Sequential{
			layers.LayerNorm{}, layers.Dense{Units: 2 * features}, layers.GELU{}, layers.Dense{Units: features},
		}},
	}
	m, err := graph.Compile(layers.Sequential{
		layers.Embedding{Vocabulary: letters + 1, Units: features},
		layers.PositionalEncoding{},
		block, block,
		layers.LayerNorm{},
		layers.Lambda(func(x graph.Node) graph.Node { return x.Slice(1, length, 0) }), // the answers
		layers.Dense{Units: letters}, layers.Softmax{},
	}, graph.Config{
		Input:     []int{2 * length},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: optimizers.Adam{LearningRate: 2e-3},
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      1,
	})
	require.NoError(t, err)
	_, err = m.Fit(context.Background(), words(20000, 1), graph.FitConfig{Epochs: 2, BatchSize: 64})
	require.NoError(t, err)
	logs, err := m.Evaluate(context.Background(), words(2000, 2))
	require.NoError(t, err)
	require.Greater(t, logs["accuracy"], 0.99)
}
