package ops

import "math"

// Bounds returns limits of a node's elements, by interval arithmetic over the ops it is made of. ok is false where inputs
// of which nothing is known decide.
func Bounds(n *Node) (lo, hi float64, ok bool) {
	o := Of(n)
	if o == nil {
		return 0, 0, false
	}
	switch d := o.Def.(type) {
	case Softmax:
		if d.Log {
			return math.Inf(-1), 0, true
		}
		return 0, 1, true
	case OneHot:
		return 0, 1, true
	case MatMul:
		return math.Inf(-1), math.Inf(1), true
	case Fill:
		return d.Value, d.Value, true
	case Reshape, Broadcast, Transpose, Slice, Stop:
		return Bounds(o.In[0])
	case Map:
		if d.Code.Arity() == 1 {
			lo, hi, ok = Bounds(o.In[0])
			return d.bounds(lo, hi, ok)
		}
		return d.bounds2(o.In[0], o.In[1])
	}
	return 0, 0, false
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
	case LeakyReLU, Copy, Floor:
		return lo, hi, ok
	}
	return 0, 0, false
}

func (m Map) bounds2(a, b *Node) (lo, hi float64, ok bool) {
	al, ah, aok := Bounds(a)
	bl, bh, bok := Bounds(b)
	unbounded := func(lo, hi float64, ok bool) bool { return ok && math.IsInf(lo, -1) && math.IsInf(hi, 1) }
	switch {
	case m.Code == Greater || m.Code == GreaterEqual || m.Code == Equal:
		return 0, 1, true
	case m.Code == Add && (unbounded(al, ah, aok) || unbounded(bl, bh, bok)): // a product plus a bias
		return math.Inf(-1), math.Inf(1), true
	case !aok || !bok:
		return 0, 0, false
	case m.Code == Add:
		return al + bl, ah + bh, true
	case m.Code == Sub:
		return al - bh, ah - bl, true
	case m.Code == Mul && al >= 0 && bl >= 0:
		return al * bl, ah * bh, !math.IsNaN(ah * bh)
	case m.Code == Max:
		return math.Max(al, bl), math.Max(ah, bh), true
	case m.Code == Min:
		return math.Min(al, bl), math.Min(ah, bh), true
	}
	return 0, 0, false
}
