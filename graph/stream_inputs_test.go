package graph_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

type named = map[string]*graph.Tensor

var streamNets = []struct {
	name    string
	net     graph.LayerFunc
	inputs  map[string][]int
	timed   []string // the additional inputs that have the time of the stream
	outputs []string // the outputs that have the time
	last    []string // the outputs after the last step
}{
	{"two inputs of one time", func(s *graph.Scope, x graph.Node) graph.Node {
		h := s.Apply(layers.LSTM{Units: 3, ReturnSequences: true}, graph.Concat(2, x, s.Input("b")))
		s.Output("double", h.Scale(2))
		return h
	}, map[string][]int{"b": {graph.Any, 2}}, []string{"b"}, []string{"output", "double"}, nil},
	{"initial and final states", func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Apply(layers.LSTM{Units: 3, ReturnSequences: true, InitialState: []string{"h", "c"}, FinalState: []string{"last h", "last c"}}, x)
	}, map[string][]int{"h": {3}, "c": {3}}, nil, []string{"output"}, []string{"last h", "last c"}},
	{"a decoder of another sequence", func(s *graph.Scope, x graph.Node) graph.Node {
		memory := s.Apply(layers.Sequential{layers.PositionalEncoding{Max: 5}, layers.TransformerEncoder{Heads: 1, Causal: true, Rotary: true},
			layers.Bidirectional{Layer: layers.GRU{Units: 2, ReturnSequences: true}}}, s.Input("memory"))
		memory = s.Apply(layers.Conv1D{Filters: 3, Kernel: 2, Padding: layers.Causal}, memory.SwapAxes(1, 2)).SwapAxes(1, 2)
		return s.Apply(layers.TransformerDecoder{Heads: 2}.Over(memory), s.Apply(layers.PositionalEncoding{}, x))
	}, map[string][]int{"memory": {graph.Any, 4}}, nil, []string{"output"}, nil},
	{"a loop of the user's", func(s *graph.Scope, x graph.Node) graph.Node {
		start := s.Param("start", graph.Normal(0, 1), 1, 4).BroadcastTo(x.Dim(0), 4)
		rate := s.Input("rate")
		final, outs := s.Scan([]graph.Node{start, start.Tanh()}, []graph.Node{x.SwapAxes(0, 1)}, func(s *graph.Scope, h, x []graph.Node) (next, out []graph.Node) {
			mean := h[0].Mul(rate).Add(x[0].Sub(x[0].Mul(rate)))
			return []graph.Node{mean, h[1].Mul(x[0].Tanh())}, []graph.Node{x[0].Sub(mean), h[0]}
		})
		s.Output("before", outs[1].SwapAxes(0, 1))
		s.Output("product", final[1])
		return outs[0].SwapAxes(0, 1)
	}, map[string][]int{"rate": {4}}, nil, []string{"output", "before"}, []string{"product"}},
	{"looking back", func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Past(x.SwapAxes(1, 2), 2, 2).Conv(s.Param("w", graph.GlorotUniform, 4, 4, 2), 1, graph.Window{Dilation: 2}).SwapAxes(1, 2)
		return y.Add(s.Past(y, 1, 0)).Mul(s.TimeTable(func(t, i int) float64 { return float64(t%7 - i) }, x.Dim(1), 4)).Add(s.Input("rate").Expand(1))
	}, map[string][]int{"rate": {4}}, nil, []string{"output"}, nil},
	{"differences", func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Past(x, 1, 3)
		z := s.Past(x.SwapAxes(1, 2), 2, 2).SwapAxes(1, 2).Reshape(x.Dim(0), x.Dim(1)+2, 2, 2).Slice(3, 1, 2).Slice(1, 1, -1)
		return y.Slice(1, 3, 0).Sub(y.Slice(1, 1, -2)).Mul(y.Slice(1, 0, -3)).Add(s.Input("rate").Expand(1)).Add(z.Mean(2))
	}, map[string][]int{"rate": {4}}, nil, []string{"output"}, nil},
	{"steps merged with rows, one layer twice", func(s *graph.Scope, x graph.Node) graph.Node {
		rnn := layers.Named("rnn", layers.SimpleRNN{Units: 4, ReturnSequences: true})
		y := s.Apply(rnn, s.Apply(rnn, x).Reshape(-1, 4).Softmax().Reshape(-1, x.Dim(1), 4))
		features := s.Apply(layers.MultiHeadAttention{}, y.Reshape(-1, 4, 1)).Reshape(-1, x.Dim(1), 4)
		s.Output("last", y.Slice(1, -1, 0).Add(s.Input("rate").Expand(1)))
		return y.Add(features)
	}, map[string][]int{"rate": {4}}, nil, []string{"output"}, []string{"last"}},
}

// TestStreamInputs: networks with several inputs and outputs give those of the whole sequence.
func TestStreamInputs(t *testing.T) {
	ctx := context.Background()
	const rows, length = 2, 11
	for _, c := range streamNets {
		t.Run(c.name, func(t *testing.T) {
			m, err := graph.Compile(c.net, graph.Config{Input: []int{graph.Any, 4}, Inputs: c.inputs, DType: tensor.Float64, Seed: 2})
			require.NoError(t, err)
			in := named{"input": random(1, rows, length, 4)}
			timed := append([]string{"input"}, c.timed...)
			for name, shape := range c.inputs {
				shape = append([]int{rows}, shape...)
				for i, d := range shape {
					if d == graph.Any {
						shape[i] = 5
					}
				}
				if len(c.timed) > 0 {
					shape[1] = length
				}
				in[name] = random(7, shape...)
			}
			whole, err := m.PredictAll(ctx, in)
			require.NoError(t, err)
			s, err := m.Stream()
			require.NoError(t, err)
			for _, n := range []int{1, 4, length} {
				s.Reset()
				var got named
				for at := 0; at < length; at += n {
					to := min(at+n, length)
					piece := named{}
					for name, x := range in {
						piece[name] = x
					}
					for _, name := range timed {
						piece[name] = steps(in[name], at, to)
					}
					got, err = s.NextAll(ctx, piece)
					require.NoError(t, err)
					require.Len(t, got, len(c.outputs)+len(c.last))
					for _, name := range c.outputs {
						require.InDeltaSlice(t, steps(whole[name], at, to).Data(), got[name].Data(), 1e-12, "%s, pieces of %d, from step %d", name, n, at)
					}
				}
				for _, name := range c.last {
					require.InDeltaSlice(t, whole[name].Data(), got[name].Data(), 1e-12, "%s, pieces of %d", name, n)
				}
			}
			_, err = s.Next(ctx, in["input"])
			require.ErrorContains(t, err, "got one input, want ")
			require.ErrorContains(t, err, ": use NextAll")
		})
	}
}

// TestStreamInputErrors: additional inputs must fit the main one.
func TestStreamInputErrors(t *testing.T) {
	ctx := context.Background()
	m, err := graph.Compile(streamNets[0].net, graph.Config{Input: []int{graph.Any, 4}, Inputs: streamNets[0].inputs})
	require.NoError(t, err)
	s, err := m.Stream()
	require.NoError(t, err)
	for want, in := range map[string]named{
		"b: got no tensor":                          {"input": random(1, 2, 3, 4)},
		"b: got 3 rows, want 2 as in input":         {"input": random(1, 2, 3, 4), "b": random(1, 3, 3, 2)},
		"b: got 4 time steps, want 3 as in input":   {"input": random(1, 2, 3, 4), "b": random(1, 2, 4, 2)},
		"b: got shape [2 3 3], want":                {"input": random(1, 2, 3, 4), "b": random(1, 2, 3, 3)},
		`got the name "c", want one of ["input" "b`: {"input": random(1, 2, 3, 4), "c": random(1, 2, 3, 3)},
	} {
		_, err := s.NextAll(ctx, in)
		require.ErrorIs(t, err, graph.ErrInput)
		require.ErrorContains(t, err, "graph: NextAll: ")
		require.ErrorContains(t, err, want)
	}
}

// TestStreamFixed: a network for a fixed number of steps is streamed with any number, and so is a part of a model; parameters may
// change between calls.
func TestStreamFixed(t *testing.T) {
	ctx := context.Background()
	part := layers.Sequential{layers.GRU{Units: 5, ReturnSequences: true}, layers.Dense{Units: 2}}
	net := layers.Sequential{layers.Named("part", part), layers.Flatten{}, layers.Dense{Units: 1}}
	m, err := graph.Compile(net, graph.Config{Input: []int{6, 3}})
	require.NoError(t, err)
	_, err = m.Stream()
	require.ErrorContains(t, err, "parameter dense1/weight: got shape [2018 1], want [12 1]")
	require.ErrorContains(t, err, "got this with 1009 time steps")
	sub, err := m.Sub("part")
	require.NoError(t, err)
	s, err := sub.Stream()
	require.NoError(t, err)
	x := random(4, 2, 6, 3)
	whole, err := sub.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, steps(whole, 0, 4).Data(), next(t, s, steps(x, 0, 4)).Data())
	require.Equal(t, steps(whole, 4, 6).Data(), next(t, s, steps(x, 4, 6)).Data())
	next(t, s, random(5, 2, 100, 3))

	w := m.Weights()
	for _, x := range w {
		_, err := x.MulScalar(float32(0), true, tensor.UseUnsafe())
		require.NoError(t, err)
	}
	require.NoError(t, m.SetWeights(w))
	for _, v := range next(t, s, steps(x, 0, 1)).Float32s() {
		require.Zero(t, v)
	}
}
