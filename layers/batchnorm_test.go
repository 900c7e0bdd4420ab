package layers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/optimizers"
)

// zero is a loss that trains nothing.
var zero = graph.LossFunc(func(pred, _ graph.Node) graph.Node { return pred.Sum().Scale(0) })

// TestBatchNormStatistics: one step of training updates the running statistics as PyTorch does, and nothing else.
func TestBatchNormStatistics(t *testing.T) {
	cases := 0
	for _, c := range golden.Cases[layerCase](t, "layers.json") {
		if len(c.BuffersAfter) == 0 || !c.Training {
			continue
		}
		cases++
		delete(c.BuffersBefore, "num_batches_tracked")
		delete(c.BuffersAfter, "num_batches_tracked")
		for dt, limit := range layerPrecision {
			kind, _ := c.Config["layer"].(string)
			m, err := graph.Compile(c.again().layer(t), graph.Config{
				Input: c.Input.Shape[1:], Loss: zero, Optimizer: optimizers.SGD{}, DType: dt,
			})
			require.NoError(t, err)
			require.NoError(t, m.SetWeights(c.weights(t, kind, m.Weights().Names())))
			_, err = m.Fit(context.Background(), graph.Arrays{X: c.Input.Dense(dt), Y: c.Input.Dense(dt)}, graph.FitConfig{})
			require.NoError(t, err)
			w := m.Weights()
			for _, want := range []map[string]golden.Tensor{c.Params, c.BuffersAfter} {
				for name, v := range want {
					v.Equal(t, c.Name+": "+name, w[name], limit)
				}
			}
		}
	}
	require.NotZero(t, cases)
}

// TestBatchNormOfOne: a batch with one number in each channel does not update the running statistics.
func TestBatchNormOfOne(t *testing.T) {
	m, err := graph.Compile(layers.BatchNorm{}, graph.Config{Input: []int{3}, Loss: zero, Optimizer: optimizers.SGD{}})
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{7, 8, 9}))
	before := m.Weights()
	_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: x}, graph.FitConfig{Epochs: 2})
	require.NoError(t, err)
	for name, v := range m.Weights() {
		require.Equal(t, before[name].Float32s(), v.Float32s(), name)
	}
}
