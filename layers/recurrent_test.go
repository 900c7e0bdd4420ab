package layers_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
)

// recurrentLayers are the layers that must ignore padding.
var recurrentLayers = []graph.Layer{
	layers.SimpleRNN{Units: 3}, layers.SimpleRNN{Units: 3, ReturnSequences: true, Reverse: true},
	layers.LSTM{Units: 3}, layers.LSTM{Units: 3, ReturnSequences: true},
	layers.GRU{Units: 3, Reverse: true}, layers.GRU{Units: 3, ReturnSequences: true},
	layers.Bidirectional{Layer: layers.LSTM{Units: 2}}, layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}},
	layers.Bidirectional{Layer: layers.Sequential{layers.GRU{Units: 2, ReturnSequences: true}, layers.LSTM{Units: 2, ReturnSequences: true}}},
}

// TestPaddingIsIgnored: a sequence alone, and the same sequence with padding of any content, give the same output and the same
// derivatives, to the last bit.
func TestPaddingIsIgnored(t *testing.T) {
	const length, padded = 3, 5
	for _, l := range recurrentLayers {
		t.Run(fmt.Sprintf("%+v", l), func(t *testing.T) {
			call := func(time int, x *tensor.Dense) []*tensor.Dense {
				f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
					in := x[0]
					if time > length {
						in = in.Masked(s.Table(func(i int) float64 {
							if i%time < length {
								return 1
							}
							return 0
						}, 1, time))
					}
					y := s.ApplyAs("layer", l, in)
					if y.Rank() == 3 {
						_, ok := y.Mask()
						require.Equal(t, time > length, ok)
						y = y.Masked(graph.Node{}).Slice(1, 0, length)
					}
					return append([]graph.Node{y}, graph.Grad(y.Sin().Sum(), append(x, s.Params()...)...)...)
				}, []int{1, time, 2})
				require.NoError(t, err)
				out, err := f.Call(context.Background(), x)
				require.NoError(t, err)
				return out
			}
			x := graphtest.Check{}.Random(1, length, 2)
			long := tensor.New(tensor.WithShape(1, padded, 2), tensor.WithBacking(append(slices.Clone(x.Float64s()), 1e9, -1e9, 7, 7)))
			want, got := call(length, x), call(padded, long)
			require.Equal(t, make([]float64, 2*(padded-length)), got[1].Float64s()[2*length:])
			require.Equal(t, want[1].Float64s(), got[1].Float64s()[:2*length])
			for i := range want {
				if i != 1 {
					require.InDeltaSlice(t, want[i].Float64s(), got[i].Float64s(), 1e-15, "result %d", i)
				}
			}
		})
	}
}

// TestPiecesOfASequence: the final states of a piece as the initial states of the next one give the outputs of the whole.
func TestPiecesOfASequence(t *testing.T) {
	for _, l := range []runner{layers.SimpleRNN{Units: 3, ReturnSequences: true}, layers.LSTM{Units: 3, ReturnSequences: true}, layers.GRU{Units: 3, ReturnSequences: true}} {
		t.Run(fmt.Sprintf("%T", l), func(t *testing.T) {
			f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
				whole, last := l.Run(s, x[0])
				a, state := l.Run(s, x[0].Slice(1, 0, 2))
				b, state := l.Run(s, x[0].Slice(1, 2, 7), state...)
				results := []graph.Node{whole.Sub(graph.Concat(1, a, b))}
				for i := range state {
					results = append(results, last[i].Sub(state[i]))
				}
				return results
			}, []int{2, 7, 2})
			require.NoError(t, err)
			got, err := f.Call(context.Background(), graphtest.Check{}.Random(2, 7, 2))
			require.NoError(t, err)
			for _, x := range got {
				require.Equal(t, make([]float64, x.Size()), x.Float64s())
			}
		})
	}
}

// TestNamedStates: the initial states are inputs of the model, and the final ones outputs; a file keeps the names.
func TestNamedStates(t *testing.T) {
	l := layers.Bidirectional{Layer: layers.LSTM{Units: 2, InitialState: []string{"h", "c", "back h", "back c"}, FinalState: []string{"last h", "last c", "first h", "first c"}}}
	inputs := map[string][]int{"h": {2}, "c": {2}, "back h": {2}, "back c": {2}}
	m, err := graph.Compile(l, graph.Config{Input: []int{3, 2}, Inputs: inputs, DType: tensor.Float64})
	require.NoError(t, err)
	x := map[string]*graph.Tensor{graph.MainInput: graphtest.Check{}.Random(4, 3, 2)}
	for name := range inputs {
		x[name] = graphtest.Check{Seed: uint64(len(name))}.Random(4, 2)
	}
	out, err := m.PredictAll(context.Background(), x)
	require.NoError(t, err)
	for i, name := range []string{"last h", "first h"} {
		for row := range 4 {
			require.Equal(t, out[graph.MainOutput].Float64s()[4*row+2*i:][:2], out[name].Float64s()[2*row:][:2])
		}
	}
	require.True(t, m.Portable() == nil)
}

// TestRecurrentDropout: in training, one mask of the input and one of the state apply at all times.
func TestRecurrentDropout(t *testing.T) {
	const units = 64
	one := graph.Constant(1)
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		l := layers.SimpleRNN{Units: units, ReturnSequences: true, Dropout: 0.5, RecurrentDropout: 0.5, KernelInit: one, RecurrentInit: graph.Constant(1e-9)}
		y := s.TrainingMode(true).ApplyAs("a", l, x[0])
		return []graph.Node{y, s.ApplyAs("a", l, x[0])}
	}, []int{3, 4, 1})
	require.NoError(t, err)
	x := tensor.New(tensor.WithShape(3, 4, 1), tensor.WithBacking([]float64{.1, .1, .1, .1, .1, .1, .1, .1, .1, .1, .1, .1}))
	got, err := f.Call(context.Background(), x)
	require.NoError(t, err)
	for i, v := range got[0].Float64s() {
		at := i / units % 4
		row := got[0].Float64s()[i/units/4*4*units]
		require.InDelta(t, row, v, 1e-6, "time %d", at) // the same mask of x as at time 0
		require.True(t, math.Abs(v) < 1e-6 || math.Abs(v-math.Tanh(0.2)) < 1e-6, v)
	}
	require.InDelta(t, math.Tanh(0.1), got[1].Float64s()[0], 1e-9)
}
