package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestPenaltyOnce: a penalty of a parameter counts once, however often the layer is applied; one that depends on the input
// counts for each application. The weight is 3, and the input and the target are 0, except where stated.
func TestPenaltyOnce(t *testing.T) {
	three, l2 := graph.Constant(3), layers.Penalty{L2: 1}
	dense := layers.Dense{Units: 1, NoBias: true, KernelInit: three, KernelPenalty: l2}
	biased := layers.Dense{Units: 1, KernelInit: graph.Zeros, BiasInit: three, BiasPenalty: layers.Penalty{L1: 2, L2: 1}}
	conv := layers.Conv1D{Filters: 1, Kernel: 1, NoBias: true, KernelInit: three, KernelPenalty: l2}
	a := func(l graph.Layer) graph.Layer { return layers.Named("a", l) }
	own := func(penalty func(s *graph.Scope, x, w graph.Node) graph.Node) graph.Layer {
		return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			w := s.Param("weight", graph.Constant(3), 1)
			s.Penalty(penalty(s, x, w))
			return x.Mul(w)
		})
	}
	square := own(func(_ *graph.Scope, _, w graph.Node) graph.Node { return w.Square().Sum() })
	activation := own(func(_ *graph.Scope, x, w graph.Node) graph.Node { return w.Square().Mul(x.Square().Shift(1)).Mean() })
	noisy := own(func(s *graph.Scope, _, w graph.Node) graph.Node {
		return w.Square().Mul(s.Noise(graph.Noise{Keep: 1}, 1)).Sum()
	})
	both := func(f graph.Layer) graph.Layer { // a function called twice
		return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.ApplyAs("tower", f, x).Add(s.ApplyAs("tower", f, x))
		})
	}
	zero := graph.LossFunc(func(pred, _ graph.Node) graph.Node { return pred.Sum().Scale(0) })
	for _, r := range []struct {
		name           string
		net            graph.Layer
		loss           graph.Loss
		want, gradient float64
	}{
		{"once", layers.Sequential{a(dense)}, losses.MeanSquaredError{}, 9, 6},
		{"twice", layers.Sequential{a(dense), a(dense)}, losses.MeanSquaredError{}, 9, 6},
		{"five times", layers.Sequential{a(dense), a(dense), a(dense), a(dense), a(dense)}, losses.MeanSquaredError{}, 9, 6},
		{"inside a layer applied twice", both(layers.Sequential{dense}), losses.MeanSquaredError{}, 9, 6},
		{"both norms of a bias", layers.Sequential{a(biased), a(biased)}, zero, 15, 8},
		{"convolution", layers.Sequential{layers.Reshape{Shape: []int{1, 1}}, a(conv), a(conv), layers.Flatten{}}, losses.MeanSquaredError{}, 9, 6},
		{"own layer", layers.Sequential{a(square), a(square)}, losses.MeanSquaredError{}, 9, 6},
		{"two layers' own parameters", layers.Sequential{dense, dense}, losses.MeanSquaredError{}, 18, 6},
		{"of a layer and of the network", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			x = s.Apply(layers.Sequential{a(dense), a(dense)}, x)
			s.Penalty(s.Params()[0].Square().Sum())
			return x
		}), losses.MeanSquaredError{}, 18, 12},
		{"of activations", layers.Sequential{a(activation), a(activation)}, losses.MeanSquaredError{}, 18, 12},
		{"with noise", layers.Sequential{a(noisy), a(noisy)}, losses.MeanSquaredError{}, 18, 12},
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(r.net, graph.Config{Input: []int{1}, Loss: r.loss, DType: tensor.Float64})
			require.NoError(t, err)
			zeros := tensor.New(tensor.Of(tensor.Float64), tensor.WithShape(2, 1))
			loss, grads, err := m.Gradients(zeros, zeros)
			require.NoError(t, err)
			require.Equal(t, r.want, loss)
			for name, g := range grads {
				if m.Weights()[name].Float64s()[0] == 3 {
					require.Equal(t, []float64{r.gradient}, g.Float64s(), name)
				}
			}
		})
	}
}
