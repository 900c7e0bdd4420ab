package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestInspectUpdate: f gets what Weights and Gradients return before the step, once for each call of InspectUpdate, and a run that is
// inspected ends with the bits of one that is not.
func TestInspectUpdate(t *testing.T) {
	for _, r := range []struct {
		name string
		cfg  graph.FitConfig
		size int // samples of an update
	}{
		{"plain", graph.FitConfig{BatchSize: 2}, 2},
		{"accumulated", graph.FitConfig{BatchSize: 2, Accumulate: 2}, 4},
		{"shards", graph.FitConfig{BatchSize: 2, Shards: 2}, 2},
	} {
		t.Run(r.name, func(t *testing.T) {
			x, y := random(1, 12, 5), random(2, 12, 1)
			fit := func(callbacks ...graph.Callback) graph.Weights {
				m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 7}, layers.Tanh{}, layers.Dense{Units: 3}, layers.Dense{Units: 1}},
					graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, DType: tensor.Float64,
						Optimizer: optimizers.Clip{Optimizer: optimizers.Adam{}, Value: 1e-3}})
				require.NoError(t, err)
				require.NoError(t, m.Freeze("dense1"))
				cfg := r.cfg
				cfg.NoShuffle, cfg.Callbacks = true, callbacks
				_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, cfg)
				require.NoError(t, err)
				return m.Weights()
			}
			part := func(all *graph.Tensor, from, width int) *graph.Tensor {
				return tensor.New(tensor.WithShape(r.size, width), tensor.WithBacking(all.Float64s()[from*width:(from+r.size)*width]))
			}
			var values, gradients graph.Weights
			seen := map[string]int{}
			got := fit(graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
				if e != graph.StepBegin || run.Step != 0 && run.Step != 4 {
					return nil
				}
				var err error
				_, gradients, err = run.Model.Gradients(part(x, 2*run.Step, 5), part(y, 2*run.Step, 1))
				require.NoError(t, err)
				values = run.Model.Weights()
				run.InspectUpdate(func(string, *graph.Tensor, *graph.Tensor) { t.Error("got a call of a function that was replaced") })
				run.InspectUpdate(func(name string, value, gradient *graph.Tensor) {
					seen[name]++
					require.Equal(t, values[name].Float64s(), value.Float64s(), name)
					require.InDeltaSlice(t, gradients[name].Float64s(), gradient.Float64s(), 1e-12, name)
					require.True(t, tensors.SameShape(gradient, values[name].Shape()), name)
				})
				return nil
			}))
			require.Equal(t, map[string]int{"dense2/weight": 2, "dense2/bias": 2, "dense3/weight": 2, "dense3/bias": 2}, seen)
			want := fit()
			for name := range want {
				require.Equal(t, want[name].Float64s(), got[name].Float64s(), name)
			}
		})
	}
	new(graph.Run).InspectUpdate(nil) // a Run without a Fit, as in tests of callbacks
}
