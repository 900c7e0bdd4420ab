package layers

import "github.com/nndiy/nndiy/graph"

// SimpleRNN is a recurrent layer (Elman 1990): h = tanh(x·weight + h·recurrent + bias) at each time step; h starts at 0.
// (batch, time, features) becomes (batch, Units), the last h, or (batch, time, Units) with ReturnSequences. Its parameters
// are weight, (features, Units), recurrent, (Units, Units), and bias, (Units).
//
// With a mask (see graph.Node.Mask), h keeps its value in steps that are padding, so the last h is that of the last valid step.
type SimpleRNN struct {
	Units            int               // size of h
	ReturnSequences  bool              // return h of every time step instead of only the last one
	Reverse          bool              // go from the last time step to the first; the output keeps the order of the input
	Dropout          float64           // in training, the rate of dropout of x, with one mask for all time steps; at least 0 and less than 1
	RecurrentDropout float64           // the same of h in h·recurrent (Gal & Ghahramani 2016)
	InitialState     []string          // name of the input of Config.Inputs, (Units), with the initial h; nil means that h starts at 0
	FinalState       []string          // name of an additional output for the last h; nil means none
	KernelInit       graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit    graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit         graph.Initializer // of bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (r SimpleRNN) Emit(s *graph.Scope, x graph.Node) graph.Node {
	y, _ := r.Run(s, x)
	return y
}

// Run is Emit that starts with the given state, h, of shape (batch, Units), and also returns the last h. Without a state, that
// of InitialState applies.
func (r SimpleRNN) Run(s *graph.Scope, x graph.Node, states ...graph.Node) (y graph.Node, final []graph.Node) {
	c := cell{
		units: r.Units, gates: 1, states: 1, kernelInit: r.KernelInit, recurrentInit: r.RecurrentInit, biasInit: or(r.BiasInit, graph.Zeros),
		dropout: r.Dropout, recurrentDropout: r.RecurrentDropout, sequences: r.ReturnSequences, reverse: r.Reverse,
		initial: r.InitialState, final: r.FinalState,
	}
	return c.run(s, x, states, func(c cell, z, h graph.Node, _ []graph.Node) []graph.Node {
		return []graph.Node{z.Add(h.MatMul(c.matrix("recurrent"))).Tanh()}
	})
}

func (r SimpleRNN) direction(i int) recurrent {
	r.Reverse, r.InitialState, r.FinalState = r.Reverse != (i == 1), half(r.InitialState, i), half(r.FinalState, i)
	return r
}

func (r SimpleRNN) named() (initial, final []string, states int) {
	return r.InitialState, r.FinalState, 1
}

// GRU is a gated recurrent unit (Cho et al. 2014; the reset gate is applied after the product, as in PyTorch and cuDNN). At
// each time step the columns of a = x·weight + bias and of b = h·recurrent + recurrent_bias are divided into r, z, n, in this
// order, and
//
//	r = σ(a.r + b.r), z = σ(a.z + b.z), n = tanh(a.n + r·b.n)
//	h = (1 - z)·n + z·h
//
// where σ is the sigmoid; h starts at 0. (batch, time, features) becomes (batch, Units), the last h, or (batch, time, Units)
// with ReturnSequences. Its parameters are weight, (features, 3·Units), recurrent, (Units, 3·Units), bias and recurrent_bias,
// both (3·Units).
//
// With a mask (see graph.Node.Mask), h keeps its value in steps that are padding, so the last h is that of the last valid step.
type GRU struct {
	Units            int               // size of h
	ReturnSequences  bool              // return h of every time step instead of only the last one
	Reverse          bool              // go from the last time step to the first; the output keeps the order of the input
	Dropout          float64           // in training, the rate of dropout of x, with one mask for all time steps; at least 0 and less than 1
	RecurrentDropout float64           // the same of h in h·recurrent (Gal & Ghahramani 2016)
	InitialState     []string          // name of the input of Config.Inputs, (Units), with the initial h; nil means that h starts at 0
	FinalState       []string          // name of an additional output for the last h; nil means none
	KernelInit       graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit    graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit         graph.Initializer // of bias and recurrent_bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (g GRU) Emit(s *graph.Scope, x graph.Node) graph.Node {
	y, _ := g.Run(s, x)
	return y
}

// Run is Emit that starts with the given state, h, of shape (batch, Units), and also returns the last h. Without a state, that
// of InitialState applies.
func (g GRU) Run(s *graph.Scope, x graph.Node, states ...graph.Node) (y graph.Node, final []graph.Node) {
	c := cell{
		units: g.Units, gates: 3, states: 1, kernelInit: g.KernelInit, recurrentInit: g.RecurrentInit, biasInit: or(g.BiasInit, graph.Zeros),
		dropout: g.Dropout, recurrentDropout: g.RecurrentDropout, sequences: g.ReturnSequences, reverse: g.Reverse,
		initial: g.InitialState, final: g.FinalState,
	}
	return c.run(s, x, states, func(c cell, a, h graph.Node, state []graph.Node) []graph.Node {
		b := h.MatMul(c.matrix("recurrent")).Add(c.vector("recurrent_bias"))
		reset, update := c.gate(a, 0).Add(c.gate(b, 0)).Sigmoid(), c.gate(a, 1).Add(c.gate(b, 1)).Sigmoid()
		n := c.gate(a, 2).Add(reset.Mul(c.gate(b, 2))).Tanh()
		return []graph.Node{n.Add(update.Mul(state[0].Sub(n)))}
	})
}

func (g GRU) direction(i int) recurrent {
	g.Reverse, g.InitialState, g.FinalState = g.Reverse != (i == 1), half(g.InitialState, i), half(g.FinalState, i)
	return g
}

func (g GRU) named() (initial, final []string, states int) { return g.InitialState, g.FinalState, 1 }
