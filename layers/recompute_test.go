package layers_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// again puts layers into a Recompute.
func again(list ...graph.Layer) graph.Layer {
	if len(list) == 1 {
		return layers.Recompute{Layer: list[0]}
	}
	return layers.Recompute{Layer: layers.Sequential(list)}
}

// plain puts layers into what a Recompute of them is without the computing again.
func plain(list ...graph.Layer) graph.Layer {
	if len(list) == 1 {
		return list[0]
	}
	return layers.Sequential(list)
}

// TestRecompute: with and without Recompute, the gradients, the states and the weights after some steps have the same bits.
func TestRecompute(t *testing.T) {
	type wrap = func(list ...graph.Layer) graph.Layer
	lstm := layers.LSTM{Units: 5, ReturnSequences: true, Dropout: 0.2, RecurrentDropout: 0.3}
	for _, r := range []struct {
		name  string
		input []int
		net   func(w wrap) graph.Layer
	}{
		{"dense", []int{6}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.Dense{Units: 9}, layers.Tanh{}, layers.Dense{Units: 7}, layers.ReLU{}), w(layers.Dense{Units: 3})}
		}},
		{"one layer", []int{6}, func(w wrap) graph.Layer { return layers.Sequential{w(layers.Dense{Units: 4}), layers.Sigmoid{}} }},
		{"the whole network", []int{6}, func(w wrap) graph.Layer {
			return w(layers.Dense{Units: 9}, layers.GELU{}, layers.Dense{Units: 4}, layers.Softplus{})
		}},
		{"dropout and noise", []int{6}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.GaussianNoise{Deviation: 0.2}, layers.Dense{Units: 8}, layers.Dropout{Rate: 0.4}, layers.Tanh{}), layers.Dropout{Rate: 0.3}, layers.Dense{Units: 2}}
		}},
		{"batch norm", []int{6}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.Dense{Units: 8}, layers.BatchNorm{}, layers.ReLU{}), w(layers.BatchNorm{}), layers.Dense{Units: 2}}
		}},
		{"nested", []int{6}, func(w wrap) graph.Layer {
			inner := w(layers.Dense{Units: 6}, layers.Dropout{Rate: 0.2}, layers.SiLU{})
			return layers.Sequential{w(layers.Dense{Units: 6}, inner, layers.LayerNorm{}, layers.Residual{Layer: w(layers.Dense{Units: 6}, layers.Tanh{}, w(layers.Dense{Units: 6}))}, layers.ELU{}),
				layers.Dense{Units: 2}}
		}},
		{"shared", []int{6}, func(w wrap) graph.Layer {
			dense := layers.Named("a", layers.Dense{Units: 6})
			return layers.Sequential{w(dense), layers.Tanh{}, w(dense, layers.Tanh{}), dense}
		}},
		{"convolutions", []int{2, 9, 8}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.Conv2D{Filters: 4, Kernel: []int{3}}, layers.ReLU{}, layers.MaxPool2D{}), w(layers.Conv2D{Filters: 3, Kernel: []int{2}}, layers.Tanh{}),
				layers.Flatten{}, layers.Dense{Units: 2}}
		}},
		{"the end before a pooling", []int{2, 8, 8}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.Conv2D{Filters: 4, Kernel: []int{3}}, layers.ReLU{}), w(layers.MaxPool2D{}), layers.Flatten{}, layers.Dense{Units: 2}}
		}},
		{"attention", []int{7, 8}, func(w wrap) graph.Layer {
			return layers.Sequential{w(layers.TransformerEncoder{Heads: 2, Dropout: 0.2}), w(layers.TransformerDecoder{Heads: 2}), layers.GlobalAvgPool{}, layers.Dense{Units: 2}}
		}},
		{"recurrent", []int{7, 4}, func(w wrap) graph.Layer {
			return layers.Sequential{w(lstm), w(layers.GRU{Units: 5, ReturnSequences: true}, layers.LayerNorm{}), w(layers.Bidirectional{Layer: layers.SimpleRNN{Units: 3}})}
		}},
		{"embedding", []int{6}, func(w wrap) graph.Layer {
			return layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.Abs().Scale(2).Floor().Clip(0, 4) }), w(layers.Embedding{Vocabulary: 5, Units: 4}, layers.GRU{Units: 3})}
		}},
		{"penalties", []int{6}, func(w wrap) graph.Layer {
			return w(layers.Dense{Units: 4, KernelPenalty: layers.Penalty{L2: 0.1}}, layers.Tanh{}, layers.Dense{Units: 3})
		}},
		{"in the step of a loop", []int{7, 4}, func(w wrap) graph.Layer {
			return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
				zero := s.Scalar(0).BroadcastTo(x.Dim(0), 4)
				final, _ := s.Scan([]graph.Node{zero}, []graph.Node{x.SwapAxes(0, 1)}, func(s *graph.Scope, state, x []graph.Node) (next, out []graph.Node) {
					return []graph.Node{s.Apply(w(layers.Dense{Units: 4}, layers.Tanh{}), state[0].Add(x[0]))}, nil
				})
				return final[0]
			})
		}},
	} {
		t.Run(r.name, func(t *testing.T) {
			for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
				var losses [2]float64
				var gradients, weights [2]graph.Weights
				for i, w := range []wrap{plain, again} {
					m := recomputed(t, r.net(w), r.input, dt)
					x, y := batchFor(t, m, 11)
					var err error
					losses[i], gradients[i], err = m.Gradients(x, y)
					require.NoError(t, err)
					_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 4, BatchSize: 4})
					require.NoError(t, err)
					weights[i] = m.Weights()
				}
				require.Equal(t, losses[0], losses[1])
				require.Equal(t, gradients[0].Names(), gradients[1].Names())
				for name, g := range gradients[0] {
					require.Equal(t, g.Data(), gradients[1][name].Data(), name)
				}
				require.Equal(t, weights[0].Names(), weights[1].Names())
				for name, v := range weights[0] {
					require.Equal(t, v.Data(), weights[1][name].Data(), name)
				}
			}
		})
	}
}

func recomputed(t *testing.T, net graph.Layer, input []int, dt tensor.Dtype) *graph.Model {
	m, err := graph.Compile(net, graph.Config{Input: input, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.01}, DType: dt, Seed: 3})
	require.NoError(t, err)
	return m
}

// batchFor returns random inputs and targets of a model.
func batchFor(t *testing.T, m *graph.Model, rows int) (x, y *graph.Tensor) {
	c := graphtest.Check{Seed: 5}
	return c.Random(append([]int{rows}, m.Input()...)...), c.Random(append([]int{rows}, m.Output()...)...)
}
