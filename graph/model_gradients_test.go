package graph_test

import (
	"context"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestGradientsOver: the loss and the gradients over a dataset are those of one batch of all samples, for every size.
func TestGradientsOver(t *testing.T) {
	for _, dtype := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		m, err := graph.Compile(layers.Dense{Units: 3}, graph.Config{Input: []int{2}, DType: dtype, Seed: 1,
			Loss: losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{-1}}})
		require.NoError(t, err)
		data := graph.Arrays{X: random(1, 7, 2), Y: vector(0, 2, -1, -1, -1, 1, 0), Weight: vector(1, 2, 1, 1, 1, 3, 1)}
		loss, want, err := m.GradientsOf(graph.Batch(data))
		require.NoError(t, err)
		for _, size := range []int{0, 1, 2, 3, 8} {
			got, grads, err := m.GradientsOver(context.Background(), data, size)
			require.NoError(t, err)
			require.InDelta(t, loss, got, 1e-6)
			require.Equal(t, want.Names(), grads.Names())
			for name, w := range want {
				require.Equal(t, dtype, grads[name].Dtype())
				require.Equal(t, w.Shape(), grads[name].Shape())
				require.InDeltaSlice(t, w.Data(), grads[name].Data(), 1e-6, name)
			}
		}
	}
}

func TestGradientsOverErrors(t *testing.T) {
	ctx := context.Background()
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	data := graph.Arrays{X: random(1, 4, 3), Y: random(2, 4, 2)}
	m := weighted(t, losses.MeanSquaredError{})
	bare, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	ignoring, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{Input: []int{3}, Loss: losses.SparseCategoricalCrossEntropy{FromLogits: true, Ignore: []int{-1}}})
	require.NoError(t, err)
	for _, c := range []struct {
		ctx   context.Context
		model *graph.Model
		data  graph.Dataset
		size  int
		want  string
	}{
		{ctx, m, nil, 0, "graph: GradientsOver: got no data, want at least one sample"},
		{ctx, m, (*graph.Arrays)(nil), 0, "graph: GradientsOver: got no data, want at least one sample"},
		{ctx, m, data, -1, "graph: GradientsOver: got batches of -1 samples, want 1 or more, or 0 for one batch"},
		{nil, m, data, 0, "graph: GradientsOver: got no context"},
		{cancelled, m, data, 0, "graph: GradientsOver: context canceled"},
		{ctx, bare, data, 0, "graph: GradientsOver: got a model compiled without a Loss"},
		{ctx, ignoring, graph.Arrays{X: data.X, Y: vector(-1, -1, -1, -1)}, 3, "graph: GradientsOver: output_loss: got no element that counts"},
		{ctx, m, freezing{data, m}, 3, "graph: GradientsOver: got a parameter that was frozen or unfrozen between two batches"},
	} {
		_, _, err := c.model.GradientsOver(c.ctx, c.data, c.size)
		require.ErrorContains(t, err, c.want)
	}
}

// freezing freezes a parameter of a model after each batch.
type freezing struct {
	graph.Arrays
	model *graph.Model
}

func (f freezing) Batches(size int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for b, err := range f.Arrays.Batches(size, rng) {
			if !yield(b, err) {
				return
			}
			if err := f.model.Freeze("bias"); err != nil {
				panic(err)
			}
		}
	}
}
