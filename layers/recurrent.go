package layers

import (
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
)

// SimpleRNN is a recurrent layer (Elman 1990): h = tanh(x·weight + h·recurrent + bias) at each time step; h starts at 0.
// (batch, time, features) becomes (batch, Units), the last h, or (batch, time, Units) with ReturnSequences. Its parameters
// are weight, (features, Units), recurrent, (Units, Units), and bias, (Units).
type SimpleRNN struct {
	Units           int               // size of h
	ReturnSequences bool              // return h of every time step instead of only the last one
	KernelInit      graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit   graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit        graph.Initializer // of bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (r SimpleRNN) Emit(s *graph.Scope, x graph.Node) graph.Node {
	c := cell{s, r.Units, 1, r.KernelInit, r.RecurrentInit, or(r.BiasInit, graph.Zeros)}
	u := c.matrix("recurrent")
	return c.unroll(x, 1, r.ReturnSequences, func(z graph.Node, h []graph.Node) []graph.Node {
		return []graph.Node{z.Add(h[0].MatMul(u())).Tanh()}
	})
}

// LSTM is a long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). At each time
// step the columns of x·weight + h·recurrent + bias are divided into the four gates i, f, g, o, in this order, and
//
//	c = σ(f)·c + σ(i)·tanh(g)
//	h = σ(o)·tanh(c)
//
// where σ is the sigmoid; h and c start at 0. (batch, time, features) becomes (batch, Units), the last h, or (batch, time,
// Units) with ReturnSequences. Its parameters are weight, (features, 4·Units), recurrent, (Units, 4·Units), and bias,
// (4·Units).
type LSTM struct {
	Units           int               // size of h
	ReturnSequences bool              // return h of every time step instead of only the last one
	KernelInit      graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit   graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit        graph.Initializer // of bias; nil means 1 for the forget gate (Jozefowicz et al. 2015) and 0 for the others
}

// Emit implements graph.Layer.
func (l LSTM) Emit(s *graph.Scope, x graph.Node) graph.Node {
	c := cell{s, l.Units, 4, l.KernelInit, l.RecurrentInit, or(l.BiasInit, rememberingBias)}
	u := c.matrix("recurrent")
	return c.unroll(x, 2, l.ReturnSequences, func(z graph.Node, state []graph.Node) []graph.Node {
		h, memory := state[0], state[1]
		z = z.Add(h.MatMul(u()))
		memory = c.gate(z, 1).Sigmoid().Mul(memory).Add(c.gate(z, 0).Sigmoid().Mul(c.gate(z, 2).Tanh()))
		return []graph.Node{c.gate(z, 3).Sigmoid().Mul(memory.Tanh()), memory}
	})
}

// rememberingBias is an initializer: 1 in the second quarter, which belongs to the forget gate, and 0 elsewhere.
func rememberingBias(dst []float64, _ []int, _ *rand.Rand) {
	clear(dst)
	for i := range len(dst) / 4 {
		dst[len(dst)/4+i] = 1
	}
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
type GRU struct {
	Units           int               // size of h
	ReturnSequences bool              // return h of every time step instead of only the last one
	KernelInit      graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit   graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit        graph.Initializer // of bias; nil means graph.Zeros
}

// Emit implements graph.Layer.
func (g GRU) Emit(s *graph.Scope, x graph.Node) graph.Node {
	c := cell{s, g.Units, 3, g.KernelInit, g.RecurrentInit, or(g.BiasInit, graph.Zeros)}
	u, bias := c.matrix("recurrent"), c.vector("recurrent_bias")
	return c.unroll(x, 1, g.ReturnSequences, func(a graph.Node, state []graph.Node) []graph.Node {
		h := state[0]
		b := h.MatMul(u()).Add(bias())
		reset, update := c.gate(a, 0).Add(c.gate(b, 0)).Sigmoid(), c.gate(a, 1).Add(c.gate(b, 1)).Sigmoid()
		n := c.gate(a, 2).Add(reset.Mul(c.gate(b, 2))).Tanh()
		return []graph.Node{n.Add(update.Mul(h.Sub(n)))}
	})
}
