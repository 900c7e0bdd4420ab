package onnx_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

type nodes = []graph.Node

// over returns a layer that goes through a sequence, (batch, time, features). Its state is (batch, width), and begins with zeros.
func over(width int, loop graph.Loop, states int, step func(s *graph.Scope, state, x nodes) (next, out nodes), result func(final, outs nodes) graph.Node) graph.Layer {
	return graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		init := slices.Repeat(nodes{s.Scalar(0).BroadcastTo(x.Dim(0), width)}, states)
		final, outs := loop.Scan(s, init, nodes{x.SwapAxes(0, 1)}, step)
		return result(final, outs)
	})
}

func lastState(final, _ nodes) graph.Node { return final[0] }

// stacked returns all outputs, side by side.
func stacked(_, outs nodes) graph.Node { return graph.Concat(2, outs...).SwapAxes(0, 1) }

// loops are loops that no recurrent operator computes.
var loops = []network{
	{"moving average", over(3, graph.Loop{}, 1, func(_ *graph.Scope, state, x nodes) (next, out nodes) {
		mean := state[0].Scale(0.5).Add(x[0].Scale(0.5))
		return nodes{mean}, nodes{mean, state[0], mean.Sub(x[0]), x[0].Sin()}
	}, stacked), []int{4, 3}},
	{"moving average, reverse", over(3, graph.Loop{Reverse: true}, 1, func(_ *graph.Scope, state, x nodes) (next, out nodes) {
		mean := state[0].Scale(0.5).Add(x[0].Scale(0.5))
		return nodes{mean}, nodes{mean, state[0], mean.Square()}
	}, stacked), []int{4, 3}},
	{"the last state", over(3, graph.Loop{}, 1, func(_ *graph.Scope, state, x nodes) (next, out nodes) {
		return nodes{state[0].Add(x[0]).Tanh().Scale(2)}, nil
	}, lastState), []int{5, 3}},
	{"exchanged states", over(3, graph.Loop{}, 2, func(_ *graph.Scope, state, x nodes) (next, out nodes) {
		return nodes{state[1], state[0].Add(x[0])}, nil
	}, func(final, _ nodes) graph.Node { return final[0].Sub(final[1].Scale(2)) }), []int{5, 3}},
	{"an lstm with other functions", over(2, graph.Loop{}, 2, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		z := layers.Dense{Units: 8}.Emit(s, graph.Concat(1, x[0], state[0]))
		part := func(i int) graph.Node { return z.Slice(1, 2*i, 2*i+2) }
		c := part(0).Sigmoid().Mul(state[1]).Add(part(1).Sigmoid().Mul(part(2).Sin()))
		return nodes{part(3).Sigmoid().Mul(c.Tanh()), c}, nil
	}, lastState), []int{4, 3}},
	{"an lstm's memory", over(2, graph.Loop{}, 2, lstmStep, func(_, outs nodes) graph.Node { return outs[1].SwapAxes(0, 1) }), []int{4, 2}},
	{"an lstm's gate", over(2, graph.Loop{}, 2, lstmStep, func(_, outs nodes) graph.Node { return outs[2].SwapAxes(0, 1) }), []int{4, 2}},
	{"parameters in a step", over(3, graph.Loop{}, 1, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		h := layers.Dense{Units: 3}.Emit(s, x[0].Mul(state[0])).Sigmoid()
		return nodes{h}, nodes{h.Mul(s.Param("factor", graph.Ones, 3))}
	}, stacked), []int{4, 3}},
	{"a loop in a loop", over(3, graph.Loop{}, 1, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		w := s.Param("weight", graph.GlorotUniform, 3, 3)
		inner, _ := graph.Loop{Reverse: true}.Scan(s, nodes{state[0].Slice(1, 0, 1)}, nodes{x[0].MatMul(w).Transpose().Expand(-1)}, func(s *graph.Scope, state, x nodes) (next, out nodes) {
			return nodes{state[0].Sub(x[0]).Sin()}, nil
		})
		return nodes{state[0].Scale(0.3).Add(inner[0])}, nodes{state[0]}
	}, stacked), []int{4, 3}},
	{"without sequences", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		final, outs := graph.Loop{Steps: 3}.Scan(s, nodes{x}, nil, func(s *graph.Scope, state, _ nodes) (next, out nodes) {
			return nodes{state[0].Sin().Mul(x)}, nodes{state[0]}
		})
		return graph.Concat(0, outs[0], final[0].Expand(0)).SwapAxes(0, 1)
	}), []int{4}},
	{"attention in each step", attending, []int{3, 4}},
	{"derivatives of a loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		final, outs := s.Scan(nodes{x.Slice(1, 0, 1).Reshape(x.Dim(0), 2)}, nodes{x.SwapAxes(0, 1)}, func(s *graph.Scope, state, x nodes) (next, out nodes) {
			h := state[0].MatMul(s.Param("weight", graph.GlorotUniform, 2, 2)).Add(x[0]).Sin()
			return nodes{h}, nodes{h.Square()}
		})
		return graph.Grad(final[0].Sum().Add(outs[0].Sum()), x)[0]
	}), []int{3, 2}},
	{"a derivative of an lstm", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return graph.Grad(layers.LSTM{Units: 2, ReturnSequences: true, Reverse: true}.Emit(s, x).Square().Sum(), x)[0]
	}), []int{3, 2}},
}

// attending is a loop whose state chooses from all steps of the input, as a decoder does.
var attending = graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	_, outs := s.Scan(nodes{x.Slice(1, 0, 1).Reshape(x.Dim(0), 4)}, nodes{x.SwapAxes(0, 1)}, func(s *graph.Scope, state, step nodes) (next, out nodes) {
		query := state[0].Add(step[0]).Reshape(x.Dim(0), 1, 4)
		h := s.Attention(query, x, x, graph.Attention{}).Reshape(x.Dim(0), 4).MatMul(s.Param("weight", graph.GlorotUniform, 4, 4))
		return nodes{h}, nodes{h.Add(x.Mean(1).Scale(float64(x.Dim(1))))}
	})
	return outs[0].SwapAxes(0, 1)
})

// lstmStep is one step of an LSTM of two units, whose outputs are both states and a gate.
func lstmStep(s *graph.Scope, state, x nodes) (next, out nodes) {
	z := layers.Dense{Units: 8}.Emit(s, x[0]).Add(state[0].MatMul(s.Param("recurrent", graph.GlorotUniform, 2, 8)))
	part := func(i int) graph.Node { return z.Slice(1, 2*i, 2*i+2) }
	c := part(0).Sigmoid().Mul(state[1]).Add(part(1).Sigmoid().Mul(part(2).Tanh()))
	next = nodes{part(3).Sigmoid().Mul(c.Tanh()), c}
	return next, append(slices.Clone(next), part(0).Sigmoid())
}

// A recurrent network and the operators that it is written as.
type recurrent struct {
	network
	operators []string
}

var recurrents = []recurrent{
	{network{"a user's lstm", over(2, graph.Loop{}, 2, lstmStep, func(final, outs nodes) graph.Node {
		return graph.Concat(2, outs[0].SwapAxes(0, 1), final[0].Expand(1).BroadcastTo(final[0].Dim(0), outs[0].Dim(0), 2))
	}), []int{4, 2}}, []string{"LSTM"}},
	{network{"an lstm of separate products, the memory first", over(2, graph.Loop{Reverse: true}, 2, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		gate := func(name string) graph.Node {
			return x[0].MatMul(s.Param(name+"w", graph.GlorotUniform, 3, 2)).Add(s.Param(name+"b", graph.Normal(0, 1), 2)).Add(state[1].MatMul(s.Param(name+"r", graph.GlorotUniform, 2, 2)))
		}
		c := gate("i").Sigmoid().Mul(gate("g").Tanh()).Add(state[0].Mul(gate("f").Sigmoid()))
		return nodes{c, c.Tanh().Mul(gate("o").Sigmoid())}, nil
	}, func(final, _ nodes) graph.Node { return graph.Concat(1, final[1], final[0]) }), []int{4, 3}}, []string{"LSTM"}},
	{network{"a gru without biases", over(2, graph.Loop{}, 1, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		h := state[0]
		a, b := layers.Dense{Units: 6, NoBias: true}.Emit(s, x[0]), h.MatMul(s.Param("recurrent", graph.GlorotUniform, 2, 6))
		part := func(x graph.Node, i int) graph.Node { return x.Slice(1, 2*i, 2*i+2) }
		z, r := part(a, 1).Add(part(b, 1)).Sigmoid(), part(b, 2).Add(part(a, 2)).Sigmoid()
		n := part(a, 0).Add(part(b, 0).Mul(r)).Tanh()
		return nodes{z.Neg().Shift(1).Mul(n).Add(z.Mul(h))}, nodes{h}
	}, stacked), []int{4, 3}}, []string{"GRU"}},
	{network{"a gru that resets before the product", over(2, graph.Loop{}, 1, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		h, z := state[0], layers.Dense{Units: 6}.Emit(s, x[0])
		r := s.Param("recurrent", graph.GlorotUniform, 2, 4)
		gates := z.Slice(1, 0, 4).Add(h.MatMul(r)).Sigmoid()
		reset, update := z.Slice(1, 0, 2).Add(h.MatMul(r).Slice(1, 0, 2)).Sigmoid(), z.Slice(1, 2, 4).Add(h.MatMul(r).Slice(1, 2, 4)).Sigmoid()
		n := z.Slice(1, 4, 6).Add(reset.Mul(h).MatMul(s.Param("inner", graph.GlorotUniform, 2, 2)).Add(s.Param("bias2", graph.Ones, 2))).Tanh()
		return nodes{n.Add(update.Mul(h.Sub(n)))}, nodes{gates.Scale(0)}
	}, lastState), []int{4, 3}}, []string{"GRU"}},
	{network{"an rnn of relu", over(2, graph.Loop{}, 1, func(s *graph.Scope, state, x nodes) (next, out nodes) {
		h := state[0].MatMul(s.Param("recurrent", graph.GlorotUniform, 2, 2)).Add(layers.Dense{Units: 2}.Emit(s, x[0])).ReLU()
		return nodes{h}, nodes{h}
	}, stacked), []int{4, 3}}, []string{"RNN"}},
	{network{"shared parameters", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		l := layers.GRU{Units: 3, ReturnSequences: true}
		return s.ApplyAs("gru", l, s.ApplyAs("gru", l, x)).Add(s.ApplyAs("gru", l, x.Neg()))
	}), []int{4, 3}}, []string{"GRU", "GRU", "GRU"}},
	{network{"weights used elsewhere", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.ApplyAs("lstm", layers.LSTM{Units: 3, ReturnSequences: true}, x)
		for _, p := range s.Params() {
			y = y.Add(p.Sum())
		}
		return y
	}), []int{4, 2}}, []string{"LSTM"}},
}

// TestRecurrentOperators: loops are written as Scan, and those that a recurrent operator computes as that operator.
func TestRecurrentOperators(t *testing.T) {
	for _, n := range loops {
		t.Run(n.name, func(t *testing.T) {
			list := recurrentOperators(t, written(t, compiled(t, n, tensor.Float32)))
			require.Contains(t, list, "Scan")
		})
	}
	for _, n := range recurrents {
		t.Run(n.name, func(t *testing.T) {
			require.Equal(t, n.operators, recurrentOperators(t, written(t, compiled(t, n.network, tensor.Float32))))
		})
	}
}

// recurrentOperators returns the operators of a file that are loops.
func recurrentOperators(t *testing.T, file []byte) []string {
	return slices.DeleteFunc(operators(t, file), func(o string) bool { return !slices.Contains([]string{"LSTM", "GRU", "RNN", "Scan"}, o) })
}

// TestRecurrentTrains: a recurrent network that was read trains as the original does, from parameters in another order.
func TestRecurrentTrains(t *testing.T) {
	cfg := graph.Config{Input: []int{4, 3}, DType: tensor.Float64, Seed: 1, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 0.01}}
	net := layers.Sequential{layers.Bidirectional{Layer: layers.GRU{Units: 3, ReturnSequences: true}}, layers.SimpleRNN{Units: 3, ReturnSequences: true}, layers.LSTM{Units: 2}}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	copied, _ := reread(t, m)
	again, err := graph.Compile(copied, cfg)
	require.NoError(t, err)
	data := graph.Arrays{X: samples(20, cfg.Input, tensor.Float64), Y: samples(20, []int{2}, tensor.Float64)}
	before := m.Weights()
	for _, m := range []*graph.Model{m, again} {
		_, err := m.Fit(t.Context(), data, graph.FitConfig{Epochs: 5, BatchSize: 8})
		require.NoError(t, err)
	}
	sameWeights(t, m.Weights(), again.Weights())
	for name, w := range m.Weights() {
		require.NotEqual(t, before[name].Data(), w.Data(), name)
	}
}
