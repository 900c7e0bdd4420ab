package onnx

import "github.com/nndiy/nndiy/graph"

// A cell holds the weights and functions of a recurrent node in one direction.
type cell struct {
	hidden      int
	r           graph.Node   // (hidden, gates·hidden)
	bias        graph.Node   // of the product with r, (gates·hidden), if it is apart; else 0
	peepholes   []graph.Node // each (hidden); nil for none
	activations []func(x graph.Node) graph.Node
	clip        func(x graph.Node) graph.Node // of the arguments of activations
	coupled     bool                          // the forget gate is 1 - the input gate
	before      bool                          // the reset gate is applied before the product
}

// gate returns the columns of gate i in z.
func (l cell) gate(z graph.Node, i int) graph.Node { return z.Slice(-1, i*l.hidden, (i+1)*l.hidden) }

// act applies activation i.
func (l cell) act(i int, x graph.Node) graph.Node { return l.activations[i](l.clip(x)) }

// lstmStep uses the gates i, o, f, g, and the peepholes i, o, f, in this order.
func lstmStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	memory := state[1]
	z = z.Add(state[0].MatMul(l.r))
	gate := func(i int, memory graph.Node) graph.Node {
		x := l.gate(z, i)
		if l.peepholes != nil {
			x = x.Add(l.peepholes[i].Mul(memory))
		}
		return l.act(0, x)
	}
	in := gate(0, memory)
	forget := in.Neg().Shift(1)
	if !l.coupled {
		forget = gate(2, memory)
	}
	memory = forget.Mul(memory).Add(in.Mul(l.act(1, l.gate(z, 3))))
	return []graph.Node{gate(1, memory).Mul(l.activations[2](memory)), memory}
}

// gruStep uses the gates z, r, h, in this order. The reset gate is applied before the product or, as in PyTorch, after it.
func gruStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	h := state[0]
	b := h.MatMul(l.r).Add(l.bias)
	update, reset := l.act(0, l.gate(z, 0).Add(l.gate(b, 0))), l.act(0, l.gate(z, 1).Add(l.gate(b, 1)))
	inner := reset.Mul(l.gate(b, 2))
	if l.before {
		inner = reset.Mul(h).MatMul(l.gate(l.r, 2))
		if l.bias.Rank() > 0 {
			inner = inner.Add(l.gate(l.bias, 2))
		}
	}
	n := l.act(1, l.gate(z, 2).Add(inner))
	return []graph.Node{n.Add(update.Mul(h.Sub(n)))}
}

func rnnStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	return []graph.Node{l.act(0, z.Add(state[0].MatMul(l.r)))}
}
