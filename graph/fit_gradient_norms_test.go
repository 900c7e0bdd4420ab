package graph_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/tensors"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestGradientNorms: MeasureGradients gives the norms of what Gradients returns, before clipping, at the steps for which it is called.
func TestGradientNorms(t *testing.T) {
	for _, r := range []struct {
		name       string
		optimizer  graph.Optimizer
		accumulate int
		dtype      tensor.Dtype
	}{
		{"plain", optimizers.SGD{}, 0, tensor.Float32},
		{"clipped", optimizers.Clip{Optimizer: optimizers.Adam{}, Value: 1e-3, Norm: 1e-4}, 0, tensor.Float64},
		{"accumulated", optimizers.Clip{Optimizer: optimizers.SGD{}, GlobalNorm: 1e-4}, 2, tensor.Float64},
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 70}, layers.Tanh{}, layers.Dense{Units: 300}, layers.Dense{Units: 1}},
				graph.Config{Input: []int{5}, Loss: losses.MeanSquaredError{}, Optimizer: r.optimizer, DType: r.dtype})
			require.NoError(t, err)
			require.NoError(t, m.Freeze("dense1"))
			x, y := random(1, 12, 5), random(2, 12, 1)
			size := 2 * max(r.accumulate, 1) // samples of an update
			part := func(all *graph.Tensor, from, to, width int) *graph.Tensor {
				return tensor.New(tensor.WithShape(to-from, width), tensor.WithBacking(all.Float64s()[from*width:to*width]))
			}
			var want graph.Weights
			measured := 0
			_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{BatchSize: 2, NoShuffle: true, Accumulate: r.accumulate,
				Callbacks: []graph.Callback{graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
					switch {
					case e == graph.StepBegin && (run.Step == 2 || run.Step == 4):
						run.MeasureGradients()
						var err error
						from := run.Step * 2
						_, want, err = m.Gradients(part(x, from, from+size, 5), part(y, from, from+size, 1))
						require.NoError(t, err)
					case e == graph.StepEnd && want != nil && (run.Step == 2+size/2 || run.Step == 4+size/2):
						measured++
						require.Len(t, run.GradientNorms, 4)
						for name, g := range want {
							sum := 0.0
							values, err := tensors.Float64s(g)
							require.NoError(t, err)
							for _, v := range values {
								sum += v * v
							}
							require.InEpsilon(t, math.Sqrt(sum), run.GradientNorms[name], 1e-5, name)
						}
					default:
						require.Nil(t, run.GradientNorms, e)
					}
					return nil
				})}})
			require.NoError(t, err)
			require.Equal(t, 2, measured)
		})
	}
	new(graph.Run).MeasureGradients() // a Run without a Fit, as in tests of callbacks
}
