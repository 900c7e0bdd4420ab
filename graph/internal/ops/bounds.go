package ops

import (
	"math"
	"slices"
)

// Bounds returns limits of a node's elements, by interval arithmetic over the ops that compute it. ok is false if nothing is
// known, as for an input.
func Bounds(n *Node) (lo, hi float64, ok bool) {
	i := intervals{}.of(n)
	return i.lo, i.hi, i.ok
}

// An interval bounds the elements of a node; ok is false if nothing is known.
type interval struct {
	lo, hi float64
	ok     bool
}

// intervals caches the interval of each node, since a node may be an operand of many others.
type intervals map[*Node]interval

func (m intervals) of(n *Node) interval {
	i, seen := m[n]
	if !seen {
		i.lo, i.hi, i.ok = m.compute(n)
		m[n] = i
	}
	return i
}

func (m intervals) compute(n *Node) (lo, hi float64, ok bool) {
	o := Of(n)
	if o == nil {
		return 0, 0, false
	}
	switch d := o.Def.(type) {
	case Slice:
		x := m.of(o.In[0])
		if s, ok := defOf(o.In[0]).(*Scan); ok {
			x = m.partOf(s, Of(o.In[0]), d)
		}
		return x.lo, x.hi, x.ok
	case Softmax:
		if d.Log {
			return math.Inf(-1), 0, true
		}
		return 0, 1, true
	case OneHot, Steps:
		return 0, 1, true
	case Arg:
		return 0, float64(d.indices([][]int{o.InShape(0)}) - 1), true
	case Order:
		return 0, float64(d.indices([][]int{o.InShape(0)}) - 1), true
	case MatMul:
		return math.Inf(-1), math.Inf(1), true
	case Distances:
		return 0, math.Inf(1), true
	case Fill:
		return d.Value, d.Value, true
	case Reshape, Broadcast, Transpose, Stop, GatherElements:
		x := m.of(o.In[0])
		return x.lo, x.hi, x.ok
	case Map:
		if d.Code.Arity() == 1 {
			x := m.of(o.In[0])
			return d.bounds(x.lo, x.hi, x.ok)
		}
		return d.bounds2(m.of(o.In[0]), m.of(o.In[1]))
	}
	return 0, 0, false
}

// partOf returns the interval of a part of a Scan's output. Nothing is known of the states in a step, except what the step says.
func (m intervals) partOf(s *Scan, o *Op, cut Slice) interval {
	body := intervals{}
	for _, n := range s.States {
		body[n] = interval{}
	}
	in := o.In[len(s.States):]
	for i, n := range slices.Concat(s.Xs, s.Captures) {
		body[n] = m.of(in[i])
	}
	part, from, to := s.PartOf(cut)
	state := part
	if part >= len(s.States) {
		n := s.Outs[part-len(s.States)]
		if state = slices.Index(s.States, n); state < 0 {
			return body.of(n)
		}
	}
	if part < 0 {
		return interval{}
	}
	x := body.of(s.Next[state])
	if part != state && from <= s.initial() && s.initial() < to {
		first := m.of(o.In[state])
		x = interval{min(x.lo, first.lo), max(x.hi, first.hi), x.ok && first.ok}
	}
	return x
}

func (m Map) bounds(lo, hi float64, ok bool) (float64, float64, bool) {
	if !ok {
		lo, hi = math.Inf(-1), math.Inf(1)
	}
	switch m.Code {
	case Sigmoid, Step, InRange:
		return 0, 1, true
	case Tanh, Sin, Cos, Sign, Erf:
		return -1, 1, true
	case Softplus, Exp, Square, Abs, Sqrt:
		return 0, math.Inf(1), true
	case ReLU:
		return math.Max(lo, 0), math.Max(hi, 0), true
	case Clip:
		return math.Max(lo, m.A), math.Min(hi, m.B), true
	case Shift:
		return lo + m.A, hi + m.A, ok
	case Neg:
		return -hi, -lo, ok
	case Scale:
		if m.A < 0 {
			lo, hi = hi, lo
		}
		return lo * m.A, hi * m.A, ok && m.A != 0
	case ELU:
		return -math.Abs(m.A), math.Max(hi, 0), ok
	case LeakyReLU, Copy:
		return lo, hi, ok
	case ZeroNaN:
		return math.Min(lo, 0), math.Max(hi, 0), ok
	case Floor:
		return math.Floor(lo), math.Floor(hi), ok
	case Ceil:
		return math.Ceil(lo), math.Ceil(hi), ok
	case Round:
		return math.RoundToEven(lo), math.RoundToEven(hi), ok
	}
	return 0, 0, false
}

func (m Map) bounds2(a, b interval) (lo, hi float64, ok bool) {
	unbounded := func(i interval) bool { return i.ok && math.IsInf(i.lo, -1) && math.IsInf(i.hi, 1) }
	switch {
	case m.Code == Greater || m.Code == GreaterEqual || m.Code == Equal:
		return 0, 1, true
	case m.Code == Add && (unbounded(a) || unbounded(b)): // a product plus a bias
		return math.Inf(-1), math.Inf(1), true
	case !a.ok || !b.ok:
		return 0, 0, false
	case m.Code == Add:
		return a.lo + b.lo, a.hi + b.hi, true
	case m.Code == Sub:
		return a.lo - b.hi, a.hi - b.lo, true
	case m.Code == Mul && a.lo >= 0 && b.lo >= 0:
		return a.lo * b.lo, a.hi * b.hi, !math.IsNaN(a.hi * b.hi)
	case m.Code == Max:
		return math.Max(a.lo, b.lo), math.Max(a.hi, b.hi), true
	case m.Code == Min:
		return math.Min(a.lo, b.lo), math.Min(a.hi, b.hi), true
	}
	return 0, 0, false
}
