package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph"
)

// A cell holds the weights of a recurrent node in one direction.
type cell struct {
	c      *call
	hidden int
	r      graph.Node // (hidden, gates·hidden)
	bias   graph.Node // added to the product with r; (gates·hidden)
}

// gate returns the columns of gate i in z.
func (l cell) gate(z graph.Node, i int) graph.Node {
	return z.Slice(-1, i*l.hidden, (i+1)*l.hidden)
}

// recurrent returns the emit function of an operator that applies step at each time to z = x·w + bias and to the state,
// which has the given number of nodes; the first is the output.
func recurrent(gates, states int, activations []string, step func(l cell, z graph.Node, state []graph.Node) []graph.Node) func(c *call) []*value {
	return func(c *call) []*value {
		x, w, r := c.x(0), c.x(1), c.x(2)
		dirs := map[string]int{"forward": 1, "reverse": 1, "bidirectional": 2}[c.string("direction", "forward")]
		size, hidden := x.Dim(2), r.Dim(2)
		switch {
		case c.err != nil:
			return nil
		case c.has(4):
			c.fail("input 5: got lengths of sequences, want none: all sequences have one length")
		case x.Rank() != 3 || dirs == 0 || !slices.Equal(w.Shape(), []int{dirs, gates * hidden, size}) || !slices.Equal(r.Shape(), []int{dirs, gates * hidden, hidden}):
			c.fail("got shapes %v, %v, %v in %d directions, want (time, batch, features) and matching weights", x.Shape(), w.Shape(), r.Shape(), dirs)
		case c.has(3) && !slices.Equal(c.x(3).Shape(), []int{dirs, 2 * gates * hidden}):
			c.fail("input 4: got shape %v, want [%d %d]", c.x(3).Shape(), dirs, 2*gates*hidden)
		}
		if a := c.strings("activations"); a != nil && !slices.Equal(a, slices.Repeat(activations, dirs)) {
			c.fail("attribute activations: got %.32q, want %q", a, activations)
		}
		if c.err != nil {
			return nil
		}
		outputs := make([][]graph.Node, 1+states) // for each direction: the outputs at all times, and the last states
		for d := range dirs {
			back := d == 1 || c.string("direction", "forward") == "reverse"
			for i, n := range c.direction(d, gates, states, back, step) {
				outputs[i] = append(outputs[i], n)
			}
		}
		all := []graph.Node{graph.Concat(1, outputs[0]...)}
		for _, list := range outputs[1:] {
			all = append(all, graph.Concat(0, list...))
		}
		return nodes(all...)
	}
}

// direction unrolls direction d, backwards in time if back is set. It returns the outputs at all times, (time, 1, batch,
// hidden), and the last states, each (1, batch, hidden).
func (c *call) direction(d, gates, states int, back bool, step func(l cell, z graph.Node, state []graph.Node) []graph.Node) []graph.Node {
	x := c.x(0)
	time, batch, hidden := x.Dim(0), x.Dim(1), c.x(2).Dim(2)
	width := gates * hidden
	of := func(i int, shape ...int) graph.Node { return c.x(i).Slice(0, d, d+1).Reshape(shape...) }
	l := cell{c: c, hidden: hidden, r: of(2, width, hidden).Transpose(), bias: c.s.Scalar(0)}
	z := x.MatMul(of(1, width, x.Dim(2)).Transpose())
	if c.has(3) {
		both := of(3, 2*width)
		z, l.bias = z.Add(both.Slice(0, 0, width)), both.Slice(0, width, 2*width)
	}
	state := make([]graph.Node, states)
	for i := range state {
		if state[i] = c.s.Scalar(0).BroadcastTo(batch, hidden); c.has(5 + i) {
			state[i] = of(5+i, batch, hidden)
		}
	}
	var outputs []graph.Node
	for t := range time {
		if back {
			t = time - 1 - t
		}
		if state = step(l, z.Slice(0, t, t+1).Reshape(batch, width), state); state[0].Err() != nil {
			return append(state, state[0]) // it carries the error
		}
		outputs = append(outputs, state[0].Reshape(1, 1, batch, hidden))
	}
	if back {
		slices.Reverse(outputs)
	}
	list := []graph.Node{graph.Concat(0, outputs...)}
	for _, s := range state {
		list = append(list, s.Reshape(1, batch, hidden))
	}
	return list
}

// lstmStep uses the gates i, o, f, g, in this order.
func lstmStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	z = z.Add(state[0].MatMul(l.r).Add(l.bias))
	memory := l.gate(z, 2).Sigmoid().Mul(state[1]).Add(l.gate(z, 0).Sigmoid().Mul(l.gate(z, 3).Tanh()))
	return []graph.Node{l.gate(z, 1).Sigmoid().Mul(memory.Tanh()), memory}
}

// gruStep uses the gates z, r, h, in this order. The reset gate is applied before the product or, as in PyTorch, after it.
func gruStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	h := state[0]
	b := h.MatMul(l.r).Add(l.bias)
	update, reset := l.gate(z, 0).Add(l.gate(b, 0)).Sigmoid(), l.gate(z, 1).Add(l.gate(b, 1)).Sigmoid()
	inner := reset.Mul(l.gate(b, 2))
	if l.c.int("linear_before_reset", 0) == 0 {
		if inner = reset.Mul(h).MatMul(l.gate(l.r, 2)); l.bias.Rank() > 0 {
			inner = inner.Add(l.gate(l.bias, 2))
		}
	}
	n := l.gate(z, 2).Add(inner).Tanh()
	return []graph.Node{n.Add(update.Mul(h.Sub(n)))}
}

func rnnStep(l cell, z graph.Node, state []graph.Node) []graph.Node {
	return []graph.Node{z.Add(state[0].MatMul(l.r).Add(l.bias)).Tanh()}
}
