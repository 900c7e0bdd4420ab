package layers_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// waveNet is a stack of causal convolutions with growing dilation, of signals.
func waveNet() graph.Layer {
	net := layers.Sequential{layers.Conv1D{Filters: 4, Kernel: 1}}
	for d := 1; d <= 8; d *= 2 {
		net = append(net, layers.Residual{Layer: layers.Sequential{
			layers.Conv1D{Filters: 4, Kernel: 3, Dilation: d, Padding: layers.Causal}, layers.BatchNorm{}, layers.Tanh{}, layers.Conv1D{Filters: 4, Kernel: 1}}})
	}
	return append(net, layers.Conv1D{Filters: 2, Kernel: 1})
}

// transformer is a network of two blocks of causal attention behind a code of the places in time.
func transformer(places graph.Layer, rotary bool) graph.Layer {
	block := layers.TransformerDecoder{Heads: 3, Rotary: rotary, Dropout: 0.1}
	return layers.Sequential{places, block, layers.Named("second", block), layers.LayerNorm{}, layers.Dense{Units: 3}}
}

var streamRows = []struct {
	name  string
	net   graph.Layer
	shape []int // of a sample, with the time graph.Any
	exact bool  // the bits are those of Predict
}{
	{"lstm", layers.LSTM{Units: 3, ReturnSequences: true}, sequence, true},
	{"lstm, the last output", layers.LSTM{Units: 3}, sequence, true},
	{"gru", layers.GRU{Units: 3, ReturnSequences: true}, sequence, true},
	{"simple rnn", layers.SimpleRNN{Units: 3, ReturnSequences: true}, sequence, true},
	{"recurrent layers and others", layers.Sequential{layers.Dense{Units: 4}, layers.LayerNorm{}, layers.LSTM{Units: 3, ReturnSequences: true}, layers.Dropout{Rate: 0.5},
		layers.Residual{Layer: layers.GRU{Units: 3, ReturnSequences: true}}, layers.SimpleRNN{Units: 4}, layers.Dense{Units: 2}, layers.Softmax{}}, sequence, true},
	{"masked steps", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.ReLU() }), layers.Masking{}, layers.GRU{Units: 3, ReturnSequences: true}}, []int{graph.Any, 1}, true},
	{"products of masked steps", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.ReLU() }), layers.Masking{},
		layers.Lambda(func(x graph.Node) graph.Node { return graph.Einsum("btf,btg->btg", x, x) }), layers.GRU{Units: 3, ReturnSequences: true}}, []int{graph.Any, 1}, true},
	{"the last step of all", layers.Sequential{layers.LSTM{Units: 3, ReturnSequences: true}, layers.Lambda(func(x graph.Node) graph.Node { return x.Slice(1, -1, 0).Reshape(-1, 3) })}, sequence, true},
	{"causal convolution", layers.Conv1D{Filters: 3, Kernel: 4, Padding: layers.Causal, Groups: 3}, signal, true},
	{"separable convolution", layers.SeparableConv1D{Filters: 3, Kernel: 4, Padding: layers.Causal, Dilation: 2}, signal, true},
	{"wave net", waveNet(), signal, true},
	{"convolution of masked steps", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.ReLU() }), layers.Masking{},
		layers.Conv1D{Filters: 3, Kernel: 3, Padding: layers.Causal}, layers.GRU{Units: 2, ReturnSequences: true}}, []int{graph.Any, 1}, true},
	{"convolution and lstm", layers.Sequential{layers.Conv1D{Filters: 3, Kernel: 3, Padding: layers.Causal}, layers.Permute{Axes: []int{2, 1}}, layers.LSTM{Units: 3}}, signal, true},
	{"attention", layers.MultiHeadAttention{Heads: 2, Causal: true}, sequence, false},
	{"attention, heads that share keys", layers.MultiHeadAttention{Heads: 4, KeyHeads: 2, Size: 2, Causal: true, Rotary: true, MaxLength: 300}, sequence, false},
	{"attention to valid steps", layers.Sequential{layers.Lambda(func(x graph.Node) graph.Node { return x.ReLU() }), layers.Masking{}, layers.MultiHeadAttention{Causal: true}}, []int{graph.Any, 1}, false},
	{"transformer", transformer(layers.PositionalEncoding{}, false), sequence, false},
	{"transformer, longest", transformer(layers.PositionalEncoding{Max: 200}, false), sequence, false},
	{"transformer, learned places", transformer(layers.PositionalEncoding{Learned: true, Max: 200, Init: graph.Normal(0, 1)}, false), sequence, false},
	{"transformer, rotary", transformer(layers.Identity{}, true), sequence, false},
	{"transformer encoder, causal", layers.TransformerEncoder{Heads: 3, Causal: true, PostNorm: true}, sequence, false},
}

// streamed returns random numbers.
func streamed(shape ...int) *graph.Tensor {
	x := tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
	r := rand.New(rand.NewPCG(5, 8))
	for i := range x.Float32s() {
		x.Float32s()[i] = float32(r.NormFloat64())
	}
	return x
}

// TestStreamTable: pieces of any size give the outputs of the whole sequence.
func TestStreamTable(t *testing.T) {
	ctx := context.Background()
	const batch, steps = 3, 150
	for _, r := range streamRows {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(r.net, graph.Config{Input: r.shape, Seed: 3})
			require.NoError(t, err)
			shape, axis := []int{batch}, 0
			for i, d := range r.shape {
				if d == graph.Any {
					d, axis = steps, i+1
				}
				shape = append(shape, d)
			}
			x := streamed(shape...)
			whole, err := m.Predict(ctx, x)
			require.NoError(t, err)
			s, err := m.Stream()
			require.NoError(t, err)
			for _, pieces := range [][]int{{1}, {2}, {7}, {steps}, {100, 1, 3}, {1, 70}} {
				s.Reset()
				var got *graph.Tensor
				for at, i := 0, 0; at < steps; i++ {
					n := min(pieces[i%len(pieces)], steps-at)
					cut := make([]tensor.Slice, axis+1)
					cut[axis] = tensor.S(at, at+n)
					part, err := x.Slice(cut...)
					require.NoError(t, err)
					piece := part.Materialize().(*graph.Tensor)
					require.NoError(t, piece.Reshape(sized(shape, axis, n)...))
					y, err := s.Next(ctx, piece)
					require.NoError(t, err)
					at += n
					if len(y.Shape()) < 3 {
						got = y
						continue
					}
					if got == nil {
						got = y
					} else {
						got, err = got.Concat(axis, y)
						require.NoError(t, err)
					}
				}
				require.Equal(t, whole.Shape(), got.Shape())
				if r.exact {
					require.Equal(t, whole.Data(), got.Data(), "pieces of %v", pieces)
				} else {
					require.InDeltaSlice(t, whole.Data(), got.Data(), 1e-6, "pieces of %v", pieces)
				}
			}
		})
	}
}

func sized(shape []int, axis, n int) []int {
	s := append([]int{}, shape...)
	s[axis] = n
	return s
}
