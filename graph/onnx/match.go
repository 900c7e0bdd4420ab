package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// A columns is a part of a matrix or a vector: as many columns as a recurrent operator has units, from one on. The matrix of turned
// columns is transposed: they are its rows.
type columns struct {
	item, from int
	turned     bool
}

// A gate is a gate of a recurrent operator: the columns of its weights and biases.
type gate struct {
	w, r   columns
	biases [2][]columns // added to the product with w, and with r
}

// A recurrentForm is a Scan that an operator of ONNX computes: an LSTM, a GRU or an RNN.
type recurrentForm struct {
	operator   string
	activation string // of an RNN
	before     bool   // of a GRU: the reset gate is applied before the product
	h, memory  int    // states; memory is that of an LSTM, else -1
	x          int    // item of the features at all times
	features   dim
	gates      []gate // in ONNX's order
	units      int
	mask       int // item of the mask, -1 for none
	lengths    int // item of the lengths, if they are what the mask is made of; else -1
}

// A matcher finds out whether the body of a Scan is one step of a recurrent operator.
type matcher struct {
	*body
	outer *network
	scan  *item
	f     *recurrentForm
	mask  int // item of the body, -1 for none
	kept  int // how many states keep their values where the mask says so
}

// recurrent returns the recurrent operator that computes the Scan at item j and all that the network uses of it, nil if there is none.
func (net *network) recurrent(j int) *recurrentForm {
	it := &net.items[j]
	u := net.used(j)
	if slices.Contains(u.outs, true) {
		return nil
	}
	for _, try := range []func(m *matcher, h int) bool{(*matcher).rnn, (*matcher).gru, (*matcher).lstm} {
		for h := range it.body.states {
			m := &matcher{body: it.body, outer: net, scan: it, f: &recurrentForm{h: h, memory: -1, x: -1, mask: -1, lengths: -1}, mask: -1}
			if !m.begin() || !try(m, h) || !m.finish() {
				continue
			}
			if m.f.memory >= 0 && (u.after[m.f.memory] || u.before[m.f.memory]) {
				continue // the operator has no such output
			}
			return m.f
		}
	}
	return nil
}

// begin sets the number of units.
func (m *matcher) begin() bool {
	s := m.items[m.states[m.f.h]].shape
	if len(s) != 2 || s[1].vars != "" {
		return false
	}
	m.f.units = s[1].size
	return len(m.states) <= 2
}

// next returns the new value of a state, before a mask chooses between it and the old one.
func (m *matcher) next(state int) int {
	y := m.body.next[state]
	if m.code(y) != ops.Add {
		return y
	}
	for k := range 2 {
		a, b := m.items[y].in[k], m.items[y].in[1-k]
		if m.code(a) != ops.ReLUGrad || m.code(b) != ops.ReLUGrad || m.items[b].in[0] != m.states[state] {
			continue
		}
		mask, not := m.items[a].in[1], m.items[b].in[1]
		if !slices.Contains(m.xs, mask) || !m.shifted(not, ops.Neg, ops.Step, mask) {
			continue
		}
		if m.mask >= 0 && m.mask != mask {
			return y
		}
		m.mask, m.kept = mask, m.kept+1
		return m.items[a].in[0]
	}
	return y
}

// shifted reports whether item i is 1 plus the functions of x.
func (m *matcher) shifted(i int, functions ...any) bool {
	o := m.items[i].op()
	if o == nil || m.code(i) != ops.Shift || o.Def.(ops.Map).A != 1 || !m.same(i) {
		return false
	}
	i = m.items[i].in[0]
	for _, f := range functions[:len(functions)-1] {
		if m.code(i) != f.(ops.Code) || m.items[i].op() == nil {
			return false
		}
		i = m.items[i].in[0]
	}
	return i == functions[len(functions)-1]
}

// same reports whether an op has the same settings for all sizes.
func (net *network) same(i int) bool {
	for _, n := range net.items[i].nodes {
		if ops.Of(n).Def.String() != net.items[i].op().Def.String() {
			return false
		}
	}
	return true
}

// pair calls f with the two inputs of item i, in both orders, if it computes the function c.
func (m *matcher) pair(i int, c ops.Code, f func(a, b int) bool) bool {
	if m.code(i) != c {
		return false
	}
	in := m.items[i].in
	return f(in[0], in[1]) || f(in[1], in[0])
}

// of returns the input of item i if that computes the function c, else -1.
func (m *matcher) of(i int, c ops.Code) int {
	if m.items[i].op() == nil || m.code(i) != c {
		return -1
	}
	return m.items[i].in[0]
}

// rnn matches h' = f(x·w + h·r + bias).
func (m *matcher) rnn(h int) bool {
	y := m.next(h)
	m.f.operator, m.f.activation = "RNN", map[ops.Code]string{ops.Tanh: "Tanh", ops.ReLU: "Relu", ops.Sigmoid: "Sigmoid"}[m.code(y)]
	return len(m.states) == 1 && m.f.activation != "" && m.gate(m.items[y].in[0], nil)
}

// lstm matches c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c').
func (m *matcher) lstm(h int) bool {
	if len(m.states) != 2 {
		return false
	}
	m.f.operator, m.f.memory = "LSTM", 1-h
	y, c := m.next(h), m.next(1-h)
	o, i, f, g := -1, -1, -1, -1
	ok := m.pair(y, ops.Mul, func(a, b int) bool {
		o = m.of(a, ops.Sigmoid)
		return o >= 0 && m.of(b, ops.Tanh) == c
	}) && m.pair(c, ops.Add, func(old, new int) bool {
		return m.pair(old, ops.Mul, func(a, b int) bool {
			f = m.of(a, ops.Sigmoid)
			return f >= 0 && b == m.states[1-h]
		}) && m.pair(new, ops.Mul, func(a, b int) bool {
			i, g = m.of(a, ops.Sigmoid), m.of(b, ops.Tanh)
			return i >= 0 && g >= 0
		})
	})
	return ok && m.gate(i, nil) && m.gate(o, nil) && m.gate(f, nil) && m.gate(g, nil)
}

// gru matches h' = (1 - z)·n + z·h, where n = tanh(x·w + r·(h·r + bias) + bias), or with r applied to h before the product.
func (m *matcher) gru(h int) bool {
	if len(m.states) != 1 {
		return false
	}
	m.f.operator = "GRU"
	y, old := m.next(h), m.states[h]
	z, n := -1, -1
	ok := m.pair(y, ops.Add, func(a, b int) bool { // n + z·(h - n)
		n = a
		return m.pair(b, ops.Mul, func(a, b int) bool {
			z = m.of(a, ops.Sigmoid)
			return z >= 0 && m.code(b) == ops.Sub && slices.Equal(m.items[b].in, []int{old, n})
		})
	}) || m.pair(y, ops.Add, func(a, b int) bool { // (1 - z)·n + z·h
		return m.pair(b, ops.Mul, func(s, b int) bool {
			z = m.of(s, ops.Sigmoid)
			return z >= 0 && b == old && m.pair(a, ops.Mul, func(a, b int) bool {
				n = b
				return m.shifted(a, ops.Neg, s)
			})
		})
	})
	if n = max(n, 0); !ok || m.of(n, ops.Tanh) < 0 {
		return false
	}
	var reset int
	if !m.gate(z, nil) || !m.gate(m.of(n, ops.Tanh), &reset) || reset < 0 {
		return false
	}
	candidate := m.f.gates[1]
	m.f.gates = m.f.gates[:1]
	if !m.gate(reset, nil) {
		return false
	}
	m.f.gates = append(m.f.gates, candidate)
	return true
}

// finish checks the operator that has been found, and finds the lengths of the sequences.
func (m *matcher) finish() bool {
	f, net := m.f, m.outer
	if m.mask >= 0 {
		if m.kept != len(m.states) {
			return false
		}
		f.mask = m.scan.in[len(m.states)+slices.Index(m.xs, m.mask)]
		f.lengths = net.lengths(f.mask, m.steps, m.items[m.states[f.h]].shape[0])
	}
	fits := func(c columns, rows dim, rank int) bool {
		s := net.items[c.item].shape
		if rank == 1 {
			return net.isVector(c.item) && c.from+f.units <= net.width(c.item).size
		}
		if len(s) != 2 {
			return false
		}
		in, out := s[0], s[1]
		if c.turned {
			in, out = out, in
		}
		return in == rows && out.vars == "" && c.from+f.units <= out.size
	}
	for _, g := range f.gates {
		if !fits(g.w, f.features, 2) || !fits(g.r, dim{size: f.units}, 2) {
			return false
		}
		for _, c := range slices.Concat(g.biases[0], g.biases[1]) {
			if !fits(c, dim{}, 1) {
				return false
			}
		}
	}
	return true
}
