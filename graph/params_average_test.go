package graph_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAverage: training steps change the weights as without an average; otherwise the model has the averages.
func TestAverage(t *testing.T) {
	data := graph.Arrays{X: random(1, 8, 4), Y: random(2, 8, 2)}
	compile := func(rule graph.Optimizer) *graph.Model {
		m, err := graph.Compile(layers.Dense{Units: 2}, graph.Config{
			Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: rule, DType: tensor.Float64, Seed: 1,
		})
		require.NoError(t, err)
		return m
	}
	fit := func(m *graph.Model, f graph.CallbackFunc) {
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 3, Callbacks: []graph.Callback{f}, Valid: data})
		require.NoError(t, err)
	}
	plain, averaged := compile(optimizers.Adam{}), compile(optimizers.EMA{Optimizer: optimizers.Adam{}, Decay: 0.25})
	var steps []graph.Weights
	record := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd {
			steps = append(steps, r.Model.Weights())
		}
		return nil
	})
	fit(plain, record)
	fit(plain, record)

	var mean graph.Weights
	at := 0
	follow := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		switch e {
		case graph.StepEnd:
			require.Equal(t, steps[at], r.Model.Weights())
			at++
			decay := min(0.25, (1+float64(at))/(10+float64(at)))
			for name, w := range steps[at-1] {
				if at == 1 {
					mean = steps[0]
					break
				}
				next := w.Clone().(*graph.Tensor)
				for i, v := range w.Float64s() {
					next.Float64s()[i] = decay*mean[name].Float64s()[i] + (1-decay)*v
				}
				mean[name] = next
			}
		case graph.EpochEnd:
			for name, w := range r.Model.Weights() {
				require.InDeltaSlice(t, mean[name].Float64s(), w.Float64s(), 1e-14)
			}
			logs, err := r.Model.Evaluate(context.Background(), data)
			require.NoError(t, err)
			require.Equal(t, r.Logs["valid_loss"], logs["loss"])
		}
		return nil
	})
	fit(averaged, follow)
	fit(averaged, follow) // continues from the weights, not from the averages
	require.Len(t, steps, at)

	// Loading weights also sets their averages.
	var file bytes.Buffer
	require.NoError(t, averaged.Save(&file))
	require.NoError(t, averaged.Load(&file))
	saved := averaged.Weights()
	fit(averaged, func(r *graph.Run, e graph.Event) error {
		if e == graph.EpochBegin && r.Epoch == 1 {
			require.Equal(t, saved, r.Model.Weights())
		}
		return nil
	})
}
