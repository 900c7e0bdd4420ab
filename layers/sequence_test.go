package layers_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/layers"
)

// TestEmbeddingOfNoWord: a number outside the vocabulary is an error that names the layer.
func TestEmbeddingOfNoWord(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Embedding{Vocabulary: 3, Units: 2}}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	for _, word := range []float32{3, -1, 0.5} {
		x := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{2, word}))
		_, err := m.Predict(context.Background(), x)
		require.ErrorContains(t, err, "embedding1: Gather: element 1: got")
		require.ErrorContains(t, err, "want an integer from 0 to 2")
	}
}

// TestCausal: an output does not depend on later inputs.
func TestCausal(t *testing.T) {
	for _, l := range []graph.Layer{
		layers.MultiHeadAttention{Heads: 2, Causal: true}, layers.LSTM{Units: 4, ReturnSequences: true},
		layers.GRU{Units: 4, ReturnSequences: true}, layers.SimpleRNN{Units: 4, ReturnSequences: true},
	} {
		t.Run(fmt.Sprintf("%T", l), func(t *testing.T) {
			m, err := graph.Compile(l, graph.Config{Input: []int{5, 4}, DType: tensor.Float64})
			require.NoError(t, err)
			predict := func(last float64) []float64 {
				x := make([]float64, 20)
				for i := range x {
					if x[i] = float64(i%7) - 3; i >= 12 {
						x[i] = last
					}
				}
				y, err := m.Predict(context.Background(), tensor.New(tensor.WithShape(1, 5, 4), tensor.WithBacking(x)))
				require.NoError(t, err)
				return y.Float64s()
			}
			a, b := predict(1), predict(2)
			require.Equal(t, a[:12], b[:12])
			require.NotEqual(t, a[12:], b[12:])
		})
	}
}

// TestBidirectional: reversing the input reverses the output if both directions have the same weights.
func TestBidirectional(t *testing.T) {
	f, err := graph.NewFunction(func(s *graph.Scope, x ...graph.Node) []graph.Node {
		l := layers.Bidirectional{Layer: layers.LSTM{Units: 3, ReturnSequences: true, KernelInit: graph.Constant(0.3), RecurrentInit: graph.Constant(-0.2)}}
		y, z := s.ApplyAs("a", l, x[0]), s.ApplyAs("a", l, x[0].Reverse(1)).Reverse(1)
		last := s.ApplyAs("b", layers.Bidirectional{Layer: layers.LSTM{Units: 3, KernelInit: graph.Constant(0.3), RecurrentInit: graph.Constant(-0.2)}}, x[0])
		return []graph.Node{y.Slice(2, 0, 3).Sub(z.Slice(2, 3, 6)), graph.Concat(1, y.Slice(1, 3, 4).Slice(2, 0, 3), y.Slice(1, 0, 1).Slice(2, 3, 6)).Reshape(2, 6).Sub(last)}
	}, []int{2, 4, 2})
	require.NoError(t, err)
	got, err := f.Call(context.Background(), graphtest.Check{}.Random(2, 4, 2))
	require.NoError(t, err)
	require.Equal(t, make([]float64, 24), got[0].Float64s())
	require.Equal(t, make([]float64, 12), got[1].Float64s())
}
