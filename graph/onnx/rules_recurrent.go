package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// recurrent writes the Scan at item j as LSTM, GRU or RNN.
func (w *writer) recurrent(j int, f *recurrentForm, u used) *loop {
	it := &w.items[j]
	b := it.body
	batch, units := b.items[b.states[f.h]].shape[0], dim{size: f.units}
	ws, rs := make([]columns, len(f.gates)), make([]columns, len(f.gates))
	for i, g := range f.gates {
		ws[i], rs[i] = g.w, g.r
	}
	in := []string{w.seen(f.x, shape{b.steps, batch, f.features}), w.laid(ws, f.units, 2), w.laid(rs, f.units, 2), w.biases(f), "", "", ""}
	var m masked
	if f.mask >= 0 {
		m = w.masked(f, b, batch)
		in[0], in[4] = m.packed(in[0]), m.lengths
	}
	first := make([]string, len(b.states)) // the initial states, "" for zeros
	states := []int{f.h, f.memory}[:len(b.states)]
	for k, state := range states {
		if i := it.in[state]; !w.isZero(i) {
			first[state] = w.seen(i, shape{{size: 1}, batch, units})
			in[5+k] = first[state]
		}
	}
	for in[len(in)-1] == "" {
		in = in[:len(in)-1]
	}
	attributes := []proto.Attribute{intAttribute("hidden_size", f.units)}
	if b.reverse {
		attributes = append(attributes, stringAttribute("direction", "reverse"))
	}
	switch {
	case f.operator == "GRU":
		attributes = append(attributes, intAttribute("linear_before_reset", flag(!f.before)))
	case f.operator == "RNN" && f.activation != "Tanh":
		attributes = append(attributes, proto.Attribute{Name: "activations", Kind: proto.Strings, Strings: []string{f.activation}})
	}
	sequences := u.after[f.h] || u.before[f.h]
	node := proto.Node{Operator: f.operator, Name: w.name(f.operator), Inputs: in, Attributes: attributes}
	output := func(name string, used bool, s shape) stored {
		out := stored{shape: s}
		if used {
			out.value = w.name(f.operator + name)
			w.made = append(w.made, out)
		}
		node.Outputs = append(node.Outputs, out.value)
		return out
	}
	l := &loop{finals: make([]stored, len(b.states)), after: make([]stored, len(b.states)), before: make([]stored, len(b.states))}
	y := output("/Y", sequences, shape{b.steps, {size: 1}, batch, units})
	for k, state := range states {
		l.finals[state] = output([]string{"/Y_h", "/Y_c"}[k], u.finals[state] || sequences && f.mask >= 0 && k == 0, shape{{size: 1}, batch, units})
	}
	for node.Outputs[len(node.Outputs)-1] == "" {
		node.Outputs = node.Outputs[:len(node.Outputs)-1]
	}
	w.graph.Nodes = append(w.graph.Nodes, node)
	l.after[f.h] = y
	if f.mask >= 0 {
		for _, state := range states {
			l.finals[state].value = m.final(l.finals[state].value, first[state])
		}
		if sequences {
			l.after[f.h] = m.held(y, l.finals[f.h].value, first[f.h])
		}
	}
	return l
}

// isZero reports whether item i is zeros.
func (w *writer) isZero(i int) bool {
	d, ok := defOf(&w.items[w.base(i)]).(ops.Fill)
	return ok && d.Value == 0
}

// biases returns the value of the biases of both products, "" if there are none.
func (w *writer) biases(f *recurrentForm) string {
	list := f.biasColumns()
	if !slices.ContainsFunc(list, func(c columns) bool { return c.item >= 0 }) {
		return ""
	}
	return w.laid(list, f.units, 1)
}

// biasColumns returns the biases of the gates, first of the product of x, then of that of h. Item -1 stands for zeros.
func (f *recurrentForm) biasColumns() []columns {
	list := make([]columns, 2*len(f.gates))
	for i, g := range f.gates {
		for side, c := range g.biases {
			at := &list[side*len(f.gates)+i]
			if at.item = -1; len(c) > 0 {
				*at = c[0]
			}
		}
	}
	return list
}
