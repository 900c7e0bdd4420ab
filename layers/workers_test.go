package layers_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestWorkers: training gives the same bits for any number of workers, for tensors large enough to be divided between them.
func TestWorkers(t *testing.T) {
	for _, r := range []struct {
		name  string
		net   graph.Layer
		shape []int // of a batch
		words int   // if not 0, the input is integers below it
	}{
		{"norms of rows", layers.Sequential{layers.LayerNorm{}, layers.RMSNorm{}, layers.Dense{Units: 3}}, []int{300, 257}, 0},
		{"norms of channels", layers.Sequential{layers.BatchNorm{}, layers.GroupNorm{Groups: 3}, layers.Flatten{}, layers.Dense{Units: 3}}, []int{17, 9, 15, 23}, 0},
		{"norm of columns", layers.Sequential{layers.BatchNorm{}, layers.Dense{Units: 3}}, []int{150, 700}, 0},
		{"embedding", layers.Sequential{layers.Embedding{Vocabulary: 700, Units: 64}, layers.Flatten{}, layers.Dense{Units: 3}}, []int{40, 9}, 700},
		{"recurrent", layers.Sequential{layers.LSTM{Units: 96, ReturnSequences: true}, layers.GRU{Units: 70}, layers.Dense{Units: 3}}, []int{24, 6, 40}, 0},
		{"attention", layers.Sequential{layers.MultiHeadAttention{Heads: 4, Causal: true}, layers.LayerNorm{}, layers.Flatten{}, layers.Dense{Units: 3}}, []int{9, 33, 64}, 0},
	} {
		t.Run(r.name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			x := tensor.New(tensor.WithShape(r.shape...), tensor.Of(tensor.Float32))
			for i := range x.Float32s() {
				if x.Float32s()[i] = float32(rng.NormFloat64()); r.words > 0 {
					x.Float32s()[i] = float32(rng.IntN(r.words))
				}
			}
			y := tensor.New(tensor.WithShape(r.shape[0], 3), tensor.Of(tensor.Float32))
			var want graph.Weights
			for _, workers := range []int{1, 2, 3} {
				m, err := graph.Compile(r.net, graph.Config{
					Input: r.shape[1:], Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.01}, Seed: 1, Workers: workers,
				})
				require.NoError(t, err)
				_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 2})
				require.NoError(t, err)
				if workers == 1 {
					want = m.Weights()
				}
				require.Equal(t, want, m.Weights(), "%d workers", workers)
			}
		})
	}
}
