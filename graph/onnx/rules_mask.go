package onnx

import "github.com/nndiy/nndiy/graph/onnx/internal/proto"

// A masked is a recurrent operator of sequences with padding. The operator leaves out what is behind the length of a sequence. So if
// there may be padding elsewhere, the sequences are packed before: valid steps come first, in their order.
type masked struct {
	w               *writer
	time, batch     dim
	features, units int
	reverse, packs  bool

	lengths string // (batch), as integers
	numbers string // the same as floating-point numbers
	valid   string // 1 or 0, (time, batch, 1)
	before  string // if it packs: how many valid steps there are before each, (time, batch, 1)
	total   string // how many there are, (1, batch, 1)
}

// masked returns the lengths of the sequences of an operator.
func (w *writer) masked(f *recurrentForm, b *body, batch dim) masked {
	m := masked{w: w, time: b.steps, batch: batch, features: f.features.size, units: f.units, reverse: b.reverse, packs: f.lengths < 0}
	m.valid = w.boolToFloat(w.node("Greater", []string{w.seen(f.mask, shape{m.time, batch, {size: 1}}), w.number(0)}))
	if m.packs {
		m.before = m.sums(m.valid)
		m.total = w.node("ReduceSum", []string{m.valid, w.integers(0)}, intAttribute("keepdims", 1))
		m.numbers = w.reshaped(stored{m.total, shape{{size: 1}, batch, {size: 1}}}, shape{batch})
	} else {
		m.numbers = w.seen(f.lengths, shape{batch})
	}
	m.lengths = w.node("Cast", []string{m.numbers}, intAttribute("to", int(proto.Int32)))
	return m
}

// sums returns the sums over the steps before each step.
func (m *masked) sums(v string) string {
	return m.w.node("CumSum", []string{v, m.w.integer(0)}, intAttribute("exclusive", 1))
}

// index returns places, (time, batch, 1), as integers for each of n features.
func (m *masked) index(v string, n int) string {
	return m.w.node("Cast", []string{m.w.node("Expand", []string{v, m.w.integers(n)})}, intAttribute("to", int(proto.Int64)))
}

func (m *masked) isValid() string { return m.w.node("Greater", []string{m.valid, m.w.number(0)}) }

// packed returns x with the valid steps of each sequence first, and then those of the padding.
func (m *masked) packed(x string) string {
	if !m.packs {
		return x
	}
	w := m.w
	padding := w.node("Add", []string{m.total, m.sums(w.node("Sub", []string{w.number(1), m.valid}))})
	place := w.node("Where", []string{m.isValid(), m.before, padding})
	zeros := w.node("Expand", []string{w.number(0), w.dims(shape{m.time, m.batch, {size: m.features}})})
	add := proto.Attribute{Name: "reduction", Kind: proto.String, String: "add"}
	v := w.node("ScatterElements", []string{zeros, m.index(place, m.features), x}, intAttribute("axis", 0), add)
	w.distinct[v] = true
	return v
}

// held returns the outputs y, (time, 1, batch, units), with the state that is kept in the padding, where the operator has zeros: the
// last one or, if sequences are in reverse, the first one. first is "" for zeros.
func (m *masked) held(y stored, last, first string) stored {
	w, s := m.w, shape{m.time, m.batch, {size: m.units}}
	v := w.reshaped(y, s)
	switch {
	case m.packs && m.reverse:
		v = w.node("GatherElements", []string{v, m.index(m.before, m.units)}, intAttribute("axis", 0))
		if first != "" {
			v = w.node("Where", []string{w.node("Less", []string{m.before, m.total}), v, first})
		}
	case m.packs:
		if first == "" {
			first = w.node("Expand", []string{w.number(0), w.dims(shape{{size: 1}, m.batch, {size: m.units}})})
		}
		v = w.node("Concat", []string{first, v}, intAttribute("axis", 0))
		after := w.node("Add", []string{m.before, m.valid})
		v = w.node("GatherElements", []string{v, m.index(after, m.units)}, intAttribute("axis", 0))
	case !m.reverse:
		v = w.node("Where", []string{m.isValid(), v, last})
	case first != "":
		v = w.node("Where", []string{m.isValid(), v, first})
	}
	return stored{v, s}
}

// final returns a last state, (1, batch, units), which is the first one of a sequence without valid steps.
func (m *masked) final(last, first string) string {
	if last == "" || first == "" {
		return last
	}
	w := m.w
	some := w.node("Greater", []string{w.reshaped(stored{m.numbers, shape{m.batch}}, shape{m.batch, {size: 1}}), w.number(0)})
	return w.node("Where", []string{some, last, first})
}
