package graph_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// TestStreamRefuses: a network whose outputs depend on how a sequence is cut is an error that names the layer.
func TestStreamRefuses(t *testing.T) {
	sequence, signal := []int{graph.Any, 6}, []int{2, graph.Any}
	whole := func(f func(x graph.Node) graph.Node) graph.Layer { return layers.Sequential{layers.Lambda(f)} }
	for _, c := range []struct {
		name  string
		net   graph.Layer
		input []int
		want  string
	}{
		{"mean over the time", layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 2, Padding: layers.Causal}, layers.GlobalAvgPool{}}, signal, "globalavgpool1: got the operation Reduce"},
		{"the network itself", layers.GlobalMaxPool{}, signal, "globalmaxpool: got the operation Reduce"},
		{"bidirectional", layers.Sequential{layers.Bidirectional{Layer: layers.LSTM{Units: 2, ReturnSequences: true}}}, sequence, "bidirectional1/backward: got the operation Scan"},
		{"bidirectional, last", layers.Bidirectional{Layer: layers.GRU{Units: 2}}, sequence, "backward: got the operation Scan"},
		{"reversed loop", layers.Sequential{layers.GRU{Units: 2, Reverse: true}}, sequence, "gru1: got the operation Scan"},
		{"reversed sequence", whole(func(x graph.Node) graph.Node { return x.Reverse(1) }), sequence, "lambda1: got the operation Reverse"},
		{"convolution", layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 3}}, signal, "conv1d1: got the operation Conv"},
		{"convolution, same", layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 3, Padding: layers.Same}}, signal, "conv1d1: got the operation Conv"},
		{"convolution, stride", layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 3, Stride: 2, Padding: layers.Causal}}, signal, "conv1d1: got the operation Conv"},
		{"a window of one with padding", layers.Sequential{layers.Conv1D{Filters: 2, Kernel: 1, Padding: layers.Pad(1)}}, signal, "conv1d1: got the operation Conv"},
		{"pooling", layers.Sequential{layers.MaxPool1D{}}, signal, "maxpool1d1: got the operation Pool"},
		{"attention", layers.Sequential{layers.TransformerEncoder{Heads: 2}}, sequence, "transformerencoder1/attention: got the operation Attend"},
		{"attention that does not look back", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, x, x, graph.Attention{Causal: true})
		}), sequence, "got the operation Attend"},
		{"attention to what is later", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Attention(x, s.History(x, 0), s.History(x, 0), graph.Attention{})
		}), sequence, "got the operation Attend"},
		{"softmax over the time", layers.Sequential{layers.Softmax{Axis: 1}}, sequence, "softmax1: got the operation"},
		{"group norm of signals", layers.Sequential{layers.GroupNorm{}}, signal, "groupnorm1: got the operation"},
		{"shifted", whole(func(x graph.Node) graph.Node { return x.Pad(1, 1, 0).Slice(1, 0, -1).Add(x) }), sequence, "lambda1: got the operation Pad"},
		{"the first step for all", whole(func(x graph.Node) graph.Node { return x.Sub(x.Slice(1, 0, 1)) }), sequence, "lambda1: got the operation Slice"},
		{"the last step for all", whole(func(x graph.Node) graph.Node { return x.Sub(x.Slice(1, -1, 0)) }), sequence, "lambda1: got the operation Map"},
		{"the last output for all steps", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return x.Mul(s.Apply(layers.LSTM{Units: 6}, x).Expand(1))
		}), sequence, "got the operation Map"},
		{"the last output, repeated for all steps", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Apply(layers.LSTM{Units: 6}, x).Expand(1).BroadcastTo(x.Dim(0), x.Dim(1), 6)
		}), sequence, "got the operation Broadcast"},
		{"a loop that begins with the last state", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			h := s.Apply(layers.GRU{Units: 4}, x)
			y, _ := layers.SimpleRNN{Units: 4, ReturnSequences: true}.Run(s, x, h)
			return y
		}), sequence, "got the operation Scan"},
		{"a table of places", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return x.Add(s.Table(func(i int) float64 { return float64(i) }, x.Dim(1), 1))
		}), sequence, "got the operation Map"},
		{"the number of steps", whole(func(x graph.Node) graph.Node { return x.Scale(1 / float64(x.Dim(1))) }), sequence, "lambda1: got the operation Map, which depends on the number of steps"},
		{"the number of steps by a sum", whole(func(x graph.Node) graph.Node {
			return x.Expand(1).BroadcastTo(x.Dim(0), x.Dim(1), x.Dim(1), 6).Sum(1)
		}), sequence, "lambda1: got the operation Broadcast"},
		{"the number of steps of a loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			init := s.Scalar(1)
			final, _ := graph.Loop{Steps: x.Dim(1)}.Scan(s, []graph.Node{init}, nil, func(_ *graph.Scope, h, _ []graph.Node) (next, out []graph.Node) {
				return []graph.Node{h[0].Scale(0.9)}, nil
			})
			return x.Mul(final[0])
		}), sequence, "got the operation Scan"},
		{"all steps within a loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			_, outs := s.Scan([]graph.Node{s.Scalar(0).BroadcastTo(x.Dim(0), 6)}, []graph.Node{x.SwapAxes(0, 1)}, func(_ *graph.Scope, h, step []graph.Node) (next, out []graph.Node) {
				h = []graph.Node{h[0].Add(step[0].Expand(1).Mul(x).Max(1))}
				return h, h
			})
			return outs[0].SwapAxes(0, 1)
		}), sequence, "got the operation Scan"},
		{"cumulated", whole(func(x graph.Node) graph.Node { return x.CumSum(1, false, false) }), sequence, "lambda1: got the operation CumSum"},
		{"merged with the features", layers.Sequential{layers.LSTM{Units: 2, ReturnSequences: true}, layers.Flatten{}}, sequence, "time as a part of a dimension"},
		{"weights for each step", layers.Sequential{layers.Flatten{}, layers.Dense{Units: 2}}, []int{4, 3}, "dense1: Param: parameter dense1/weight"},
		{"learned places without Max", layers.PositionalEncoding{Learned: true}, []int{4, 3}, "parameter weight"},
		{"no time", layers.Dense{Units: 2}, []int{4}, "parameter weight"},
		{"earlier steps alone", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Past(x, 1, 2) }), sequence, "depends on the number of steps"},
		{"a sum with earlier steps", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return s.Past(x, 1, 2).Sum(1) }), sequence, "got the operation Reduce"},
		{"a convolution with the last state", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			w := s.Apply(layers.LSTM{Units: 24}, x).Sum(0).Reshape(2, 6, 2)
			return s.Past(x.SwapAxes(1, 2), 2, 1).Conv(w, 1, graph.Window{})
		}), sequence, "got the operation Conv"},
		{"a part of the history", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.History(x, 0).Slice(1, 0, x.Dim(1))
		}), sequence, "got the operation Slice"},
		{"earlier steps of a longer window", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			return s.Past(x.SwapAxes(1, 2), 2, 3).Conv(s.Param("w", graph.GlorotUniform, 2, 6, 3), 1, graph.Window{})
		}), sequence, "got the operation Conv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: c.input})
			require.NoError(t, err)
			_, err = m.Stream()
			require.ErrorContains(t, err, "graph: Stream: ")
			require.ErrorContains(t, err, c.want)
			_, again := m.Stream()
			require.EqualError(t, again, err.Error())
		})
	}
}

// TestStreamRefusesNoise: in training, dropout of each step has other noise for each piece; one mask for all steps has not.
func TestStreamRefusesNoise(t *testing.T) {
	for want, net := range map[string]graph.Layer{
		"dropout1: got the operation Random": layers.Sequential{layers.Dropout{Rate: 0.5}},
		"":                                   layers.Sequential{layers.LSTM{Units: 2, Dropout: 0.5, RecurrentDropout: 0.5}},
	} {
		m, err := graph.Compile(net, graph.Config{Input: []int{graph.Any, 6}, Loss: losses.MeanSquaredError{}})
		require.NoError(t, err)
		_, err = m.TrainingMode(3).Stream()
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want)
		}
		_, err = m.Stream()
		require.NoError(t, err)
	}
}
