package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// A loop stores the values of a Scan that is written.
type loop struct {
	finals []stored // the final states
	after  []stored // for each state, its values after the steps, (time, ...)
	before []stored // for each state, its values before the steps
	outs   []stored // of the body's outs that are not trails
}

// A part is a part of a Scan that the network uses.
type part struct {
	index           int // see ops.Scan.PartOf
	from, to, count dim // the slots
}

// part returns the part of a Scan that item i, a Slice, takes; ok is false if it takes something else.
func (net *network) part(i int) (p part, ok bool) {
	it := &net.items[i]
	from, to := make([]int, len(it.nodes)), make([]int, len(it.nodes))
	for k, n := range it.nodes {
		cut, isSlice := ops.Of(n).Def.(ops.Slice)
		if !isSlice {
			return p, false
		}
		var index int
		if index, from[k], to[k] = ops.Of(ops.Of(n).In[0]).Def.(*ops.Scan).PartOf(cut); index < 0 || k > 0 && index != p.index {
			return p, false
		}
		p.index = index
	}
	count := make([]int, len(from))
	for k := range count {
		count[k] = to[k] - from[k]
	}
	for _, d := range []struct {
		to    *dim
		sizes []int
	}{{&p.from, from}, {&p.to, to}, {&p.count, count}} {
		if *d.to, ok = net.symbols.define(d.sizes); !ok {
			break
		}
	}
	return p, ok
}

// trail returns the state that part p is a trail of, and whether p is all its values after the steps, or all before them. state is -1
// for other parts.
func (b *body) trail(p part) (state int, after, before bool) {
	k := p.index - len(b.states)
	if k < 0 || b.trails[k] < 0 {
		return -1, false, false
	}
	at := 0 // the first slot after a step
	if !b.reverse {
		at = 1
	}
	all := p.count == b.steps
	return b.trails[k], all && p.from == dim{size: at}, all && p.from == dim{size: 1 - at}
}

// used are the results of a Scan that the network needs.
type used struct {
	finals, after, before []bool // of the states
	outs                  []bool
}

// used returns what the network needs of the Scan at item j.
func (net *network) used(j int) used {
	b := net.items[j].body
	u := used{make([]bool, len(b.states)), make([]bool, len(b.states)), make([]bool, len(b.states)), make([]bool, len(b.outs))}
	for i := range net.items {
		if len(net.items[i].in) == 0 || net.items[i].in[0] != j {
			continue
		}
		p, ok := net.part(i)
		switch state, _, before := b.trail(p); {
		case !ok:
		case state >= 0 && before:
			u.before[state] = true
		case state >= 0:
			u.after[state] = true
		case p.index >= len(b.states):
			u.outs[p.index-len(b.states)] = true
		default:
			u.finals[p.index] = true
		}
	}
	return u
}

// loopPart writes the Scan that item i is a part of, unless it is written, and returns the part.
func (w *writer) loopPart(i int) stored {
	j := w.items[i].in[0]
	b := w.items[j].body
	p, ok := w.part(i)
	if !ok {
		return w.fail(i, noForm)
	}
	l := w.loops[j]
	if l == nil {
		where := w.where
		w.where = w.items[j].op().Where
		if f := w.forms[j]; f != nil {
			l = w.recurrent(j, f, w.used(j))
		} else {
			l = w.scan(j, w.used(j))
		}
		w.where, w.loops[j] = where, l
	}
	state, after, before := b.trail(p)
	switch {
	case p.index < len(b.states):
		return l.finals[p.index]
	case before && l.before[state].value != "":
		return l.before[state]
	case after:
		return l.after[state]
	}
	if state < 0 {
		out := l.outs[p.index-len(b.states)]
		return w.slots(p, out, p.count == b.steps)
	}
	first := w.seen(w.items[j].in[state], append(shape{{size: 1}}, w.items[w.items[j].in[state]].shape...))
	both := []string{first, w.reshaped(l.after[state], append(shape{b.steps}, w.items[w.items[j].in[state]].shape...))}
	if b.reverse {
		slices.Reverse(both)
	}
	all := w.node("Concat", both, intAttribute("axis", 0))
	return w.slots(p, stored{all, append(shape{b.steps}, w.items[w.items[j].in[state]].shape...)}, false)
}

// slots returns slots of a stack, or all.
func (w *writer) slots(p part, s stored, all bool) stored {
	if all {
		return s
	}
	return stored{w.node("Slice", []string{s.value, w.dims(shape{p.from}), w.dims(shape{p.to}), w.integers(0)}), append(shape{p.count}, s.shape[1:]...)}
}

// scan writes the Scan at item j as ONNX's Scan, with the results that are used.
func (w *writer) scan(j int, u used) *loop {
	it := &w.items[j]
	b := it.body
	inner := newWriter(&b.network, "body", w)
	var in []string
	input := func(item int, outer int) {
		s := b.items[item].shape
		v := inner.typed(inner.name("x"), s)
		inner.graph.Inputs = append(inner.graph.Inputs, v)
		inner.items[item].name = v.Name
		inner.made = append(inner.made, stored{v.Name, s})
		in = append(in, w.value(outer))
	}
	for k, n := range slices.Concat(b.states, b.xs) {
		input(n, it.in[k])
		if k >= len(b.states) {
			inner.xs[n] = it.in[k]
		}
	}
	count := len(b.xs)
	if count == 0 { // a Scan has at least one sequence
		v := inner.typed(inner.name("step"), nil)
		inner.graph.Inputs = append(inner.graph.Inputs, v)
		in, count = append(in, w.node("Expand", []string{w.number(0), w.dims(shape{b.steps})})), 1
	}
	outer := proto.Node{Operator: "Scan", Name: w.name("Scan"), Inputs: in}
	var outputs []stored
	result := func(item int, stack bool) stored {
		s := b.items[item].shape
		v := inner.output(item)
		inner.graph.Outputs = append(inner.graph.Outputs, v)
		if stack {
			s = append(shape{b.steps}, s...)
		}
		out := stored{w.name("Scan"), s}
		outer.Outputs, outputs = append(outer.Outputs, out.value), append(outputs, out)
		return out
	}
	l := &loop{after: make([]stored, len(b.states)), before: make([]stored, len(b.states)), outs: make([]stored, len(b.outs))}
	for _, n := range b.next {
		l.finals = append(l.finals, result(n, false))
	}
	for k := range b.states {
		if u.after[k] {
			l.after[k] = result(b.next[k], true)
		}
		if u.before[k] {
			l.before[k] = result(b.states[k], true)
		}
	}
	for k, n := range b.outs {
		if u.outs[k] {
			l.outs[k] = result(n, true)
		}
	}
	outer.Attributes = append(outer.Attributes, proto.Attribute{Name: "body", Kind: proto.Nested, Graph: inner.graph}, intAttribute("num_scan_inputs", count))
	if b.reverse {
		backward := func(n int) []int { return slices.Repeat([]int{1}, n) }
		outer.Attributes = append(outer.Attributes, intsAttribute("scan_input_directions", backward(count)...),
			intsAttribute("scan_output_directions", backward(len(outer.Outputs)-len(b.states))...))
	}
	w.graph.Nodes, w.made = append(w.graph.Nodes, outer), append(w.made, outputs...)
	if w.err == nil {
		w.err = inner.err
	}
	return l
}

// output writes an item as an output of the graph, which no other output is.
func (w *writer) output(i int) proto.Value {
	v := w.value(i)
	if !w.isMade(v) || slices.ContainsFunc(w.graph.Outputs, func(o proto.Value) bool { return o.Name == v }) {
		v = w.node("Identity", []string{v})
	}
	return w.typed(v, w.items[i].shape)
}
