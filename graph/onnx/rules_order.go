package onnx

import (
	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// along writes an operation along one axis, or a triangle.
func (w *writer) along(i int) stored {
	it := &w.items[i]
	x := it.in[0]
	switch d := it.op().Def.(type) {
	case ops.Arg:
		name := "ArgMax"
		if d.Smallest {
			name = "ArgMin"
		}
		at := w.node(name, []string{w.value(x)}, intAttribute("axis", d.Axis), intAttribute("keepdims", 1))
		return w.position(i, at)
	case ops.Order:
		name := w.name("TopK")
		w.graph.Nodes = append(w.graph.Nodes, proto.Node{
			Name: name, Operator: "TopK", Inputs: []string{w.value(x), w.integers(d.K)}, Outputs: []string{w.name("TopK/values"), name},
			Attributes: []proto.Attribute{intAttribute("axis", d.Axis), intAttribute("largest", flag(d.Descending))},
		})
		return w.position(i, name)
	case ops.GatherElements:
		return stored{w.node("GatherElements", []string{w.value(x), w.index(it.in[1])}, intAttribute("axis", d.Axis)), it.shape}
	case ops.ScatterElements:
		zeros := w.node("Expand", []string{w.number(0), w.dims(it.shape)})
		add := proto.Attribute{Name: "reduction", Kind: proto.String, String: "add"}
		return stored{w.node("ScatterElements", []string{zeros, w.index(it.in[1]), w.value(x)}, intAttribute("axis", d.Axis), add), it.shape}
	case ops.CumSum:
		return stored{w.node("CumSum", []string{w.value(x), w.integer(d.Axis)}, intAttribute("exclusive", flag(d.Exclusive)),
			intAttribute("reverse", flag(d.Reverse))), it.shape}
	case ops.Recurrence:
		return w.recurrence(i, d)
	case ops.Trilu:
		k, _ := w.diagonal(i, d)
		return stored{w.node("Trilu", []string{w.value(x), k()}, intAttribute("upper", flag(d.Upper))), it.shape}
	}
	return w.fail(i, noForm)
}

// diagonal returns a function that writes the diagonal of item i, a triangle; ok is false if it is neither the same for all sizes nor
// the columns minus the rows.
func (w *writer) diagonal(i int, d ops.Trilu) (k func() string, ok bool) {
	it := &w.items[i]
	fixed, corner := true, true
	for _, n := range it.nodes {
		t, s := ops.Of(n).Def.(ops.Trilu), ops.Shape(n)
		if t.Upper != d.Upper {
			return nil, false
		}
		fixed = fixed && t.K == d.K
		corner = corner && t.K == s[len(s)-1]-s[len(s)-2]
	}
	if fixed {
		return func() string { return w.integer(d.K) }, true
	}
	rows, columns := it.shape[len(it.shape)-2], it.shape[len(it.shape)-1]
	return func() string { return w.single(w.node("Sub", []string{w.size(columns), w.size(rows)})) }, corner
}

// flag returns a bool as the integer that ONNX has for it.
func flag(b bool) int { return map[bool]int{true: 1}[b] }

// position stores item i, positions that an operator computes as int64, as numbers.
func (w *writer) position(i int, v string) stored {
	w.positions[i] = v
	return stored{w.node("Cast", []string{v}, intAttribute("to", int(w.element))), w.items[i].shape}
}

// integer returns the value of a single integer.
func (w *writer) integer(v int) string { return w.single(w.integers(v)) }

// single returns the only element of a list of integers.
func (w *writer) single(list string) string { return w.node("Squeeze", []string{list, w.integers(0)}) }

// recurrence writes y[k] = a[k]·y[k-1] + b[k] by doubling: after each round, a and b take y[k] from a place that is twice as far
// away, until that is outside.
func (w *writer) recurrence(i int, d ops.Recurrence) stored {
	it := &w.items[i]
	if it.shape[d.Axis].vars != "" {
		return w.fail(i, "got a recurrence along an axis whose size is %s, want one of a fixed size", w.varying())
	}
	n := it.shape[d.Axis].size
	a, b := w.value(it.in[0]), w.value(it.in[1])
	shifted := func(v string, step int) string {
		from, to, pads := 0, n-step, make([]int, 2*len(it.shape))
		if pads[d.Axis] = step; d.Reverse {
			from, to = step, n
			pads[d.Axis], pads[len(it.shape)+d.Axis] = 0, step
		}
		part := w.node("Slice", []string{v, w.integers(from), w.integers(to), w.integers(d.Axis)})
		return w.node("Pad", []string{part, w.integers(pads...)})
	}
	for step := 1; step < n; step *= 2 {
		b = w.node("Add", []string{b, w.node("Mul", []string{a, shifted(b, step)})})
		if 2*step < n {
			a = w.node("Mul", []string{a, shifted(a, step)})
		}
	}
	return stored{b, it.shape}
}
