package onnx

import (
	"math"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
)

// Comparisons of ONNX are false for NaN. Those of package ops, and what is made of them, are NaN there, except behind a ZeroNaN.

// keepNaN returns v, which is made of comparisons of items, and NaN where one of the items is.
func (w *writer) keepNaN(v string, items ...int) string {
	for _, i := range items {
		if w.bound(i) == math.Inf(1) {
			x := w.value(i)
			v = w.node("Where", []string{w.node("Equal", []string{x, x}), v, x})
		}
	}
	return v
}

// zeroNaN writes the elements of item i, and 0 where one is NaN.
func (w *writer) zeroNaN(i int) string {
	if v, ok := w.holds(i); ok {
		return v
	}
	x := w.value(i)
	if w.bound(i) < math.Inf(1) {
		return x
	}
	return w.node("Where", []string{w.node("Equal", []string{x, x}), x, w.number(0)})
}

// holds writes item i, if it is a comparison, as 1 where it holds and 0 elsewhere, also where an operand is NaN.
func (w *writer) holds(i int) (value string, ok bool) {
	m, ok := defOf(&w.items[i]).(ops.Map)
	if !ok || !compares(m.Code) || !w.steady(i) {
		return "", false
	}
	in := w.items[i].in
	test := func(operator string, y string) string {
		return w.boolToFloat(w.node(operator, []string{w.value(in[0]), y}))
	}
	switch m.Code {
	case ops.Step:
		return test("Greater", w.number(0)), true
	case ops.InRange:
		return w.node("Mul", []string{test("GreaterOrEqual", w.number(m.A)), test("LessOrEqual", w.number(m.B))}), true
	case ops.Greater:
		return test("Greater", w.value(in[1])), true
	case ops.GreaterEqual:
		return test("GreaterOrEqual", w.value(in[1])), true
	}
	return test("Equal", w.value(in[1])), true
}

// compares reports whether a function is 1 or 0 for all numbers.
func compares(c ops.Code) bool {
	return slices.Contains([]ops.Code{ops.Step, ops.InRange, ops.Greater, ops.GreaterEqual, ops.Equal}, c)
}

// bound returns a number that no element of item i exceeds in magnitude, whatever the inputs are; infinity if none is known, and an
// element may be NaN.
func (w *writer) bound(i int) float64 {
	v, ok := w.bounds[i]
	if !ok {
		if v = w.findBound(i); !(v < 1e30) { // far from where float32 overflows
			v = math.Inf(1)
		}
		w.bounds[i] = v
	}
	return v
}

func (w *writer) findBound(i int) float64 {
	it := &w.items[i]
	of := func(k int) float64 { return w.bound(it.in[k]) }
	if outer, ok := w.xs[i]; ok || it.capture {
		if !ok {
			outer = it.outer
		}
		return w.outer.bound(outer)
	}
	switch d := defOf(it).(type) {
	case ops.Steps, ops.OneHot:
		return 1
	case ops.Fill:
		return math.Abs(d.Value)
	case *ops.Constant:
		most := 0.0
		for _, v := range d.Values() {
			most = max(most, math.Abs(v)) // NaN if one is
		}
		return most
	case ops.Reshape, ops.Stop, ops.Broadcast, ops.Transpose, ops.Slice, ops.Pad, ops.Concat, ops.Reverse:
		most := 0.0
		for k := range it.in {
			most = max(most, of(k))
		}
		return most
	case ops.Map:
		if !w.same(i) {
			break
		}
		switch d.Code {
		case ops.ZeroNaN:
			if compares(w.code(it.in[0])) {
				return 1
			}
			return of(0)
		case ops.Copy, ops.Neg, ops.Abs, ops.ReLU, ops.Floor, ops.Ceil, ops.Round:
			return of(0) + 1
		case ops.Step, ops.Sign, ops.InRange:
			return max(of(0), 1)
		case ops.Scale:
			return of(0) * max(math.Abs(d.A), 1)
		case ops.Shift:
			return of(0) + math.Abs(d.A)
		case ops.Add, ops.Sub, ops.Max, ops.Min:
			return of(0) + of(1)
		case ops.Mul:
			return max(of(0), 1) * max(of(1), 1)
		case ops.Greater, ops.GreaterEqual, ops.Equal:
			return max(of(0), of(1), 1)
		}
	}
	return math.Inf(1)
}
