package layers

import (
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
)

// LSTM is a long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). At each time
// step the columns of x·weight + h·recurrent + bias are divided into the four gates i, f, g, o, in this order, and
//
//	c = σ(f)·c + σ(i)·tanh(g)
//	h = σ(o)·tanh(c)
//
// where σ is the sigmoid; h and c start at 0. (batch, time, features) becomes (batch, Units), the last h, or (batch, time,
// Units) with ReturnSequences. Its parameters are weight, (features, 4·Units), recurrent, (Units, 4·Units), and bias,
// (4·Units).
//
// With a mask (see graph.Node.Mask), h and c keep their values in steps that are padding, so the last h is that of the last valid
// step.
type LSTM struct {
	Units            int               // size of h and c
	ReturnSequences  bool              // return h of every time step instead of only the last one
	Reverse          bool              // go from the last time step to the first; the output keeps the order of the input
	Dropout          float64           // in training, the rate of dropout of x, with one mask for all time steps; at least 0 and less than 1
	RecurrentDropout float64           // the same of h in h·recurrent (Gal & Ghahramani 2016)
	InitialState     []string          // names of the inputs of Config.Inputs, (Units), with the initial h and c; nil means that both start at 0
	FinalState       []string          // names of additional outputs for the last h and c; nil means none
	KernelInit       graph.Initializer // of weight; nil means graph.GlorotUniform
	RecurrentInit    graph.Initializer // of recurrent; nil means graph.FanInUniform
	BiasInit         graph.Initializer // of bias; nil means 1 for the forget gate (Jozefowicz et al. 2015) and 0 for the others
}

// Emit implements graph.Layer.
func (l LSTM) Emit(s *graph.Scope, x graph.Node) graph.Node {
	y, _ := l.Run(s, x)
	return y
}

// Run is Emit that starts with the given states, h and c, both of shape (batch, Units), and also returns the last h and c, such
// as an encoder's for a decoder. Without states, those of InitialState apply.
func (l LSTM) Run(s *graph.Scope, x graph.Node, states ...graph.Node) (y graph.Node, final []graph.Node) {
	c := cell{
		units: l.Units, gates: 4, states: 2, kernelInit: l.KernelInit, recurrentInit: l.RecurrentInit, biasInit: or(l.BiasInit, rememberingBias),
		dropout: l.Dropout, recurrentDropout: l.RecurrentDropout, sequences: l.ReturnSequences, reverse: l.Reverse,
		initial: l.InitialState, final: l.FinalState,
	}
	return c.run(s, x, states, func(c cell, z, h graph.Node, state []graph.Node) []graph.Node {
		z = z.Add(h.MatMul(c.matrix("recurrent")))
		memory := c.gate(z, 1).Sigmoid().Mul(state[1]).Add(c.gate(z, 0).Sigmoid().Mul(c.gate(z, 2).Tanh()))
		return []graph.Node{c.gate(z, 3).Sigmoid().Mul(memory.Tanh()), memory}
	})
}

func (l LSTM) direction(i int) recurrent {
	l.Reverse, l.InitialState, l.FinalState = l.Reverse != (i == 1), half(l.InitialState, i), half(l.FinalState, i)
	return l
}

func (l LSTM) named() (initial, final []string, states int) { return l.InitialState, l.FinalState, 2 }

// rememberingBias is an initializer: 1 in the second quarter, which belongs to the forget gate, and 0 elsewhere.
func rememberingBias(dst []float64, _ []int, _ *rand.Rand) {
	clear(dst)
	for i := range len(dst) / 4 {
		dst[len(dst)/4+i] = 1
	}
}
