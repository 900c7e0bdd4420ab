package formulas

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// Erf returns x·(1+P(x²)) near 0, and 1 - e^Q(|x|) with the sign of x elsewhere. P and Q are by N. Juffa.
func Erf[V, M any](m Machine[V, M], x V) V {
	t := m.AtMost(m.Abs(x), 4)
	q := m.Horner(t, coefficients.ErfFar[:])
	far := m.Sub(m.K(1), expSmall(m, m.MulAdd(q, t, m.Neg(t))))
	far = m.Or(far, m.Sign(x))
	s := m.Mul(x, x)
	p := m.Horner(s, coefficients.ErfNear[:])
	return m.Choose(m.Greater(t, m.K(coefficients.ErfNearEnd)), far, m.MulAdd(p, x, x))
}

// normalTail returns a = |x|, Φ(-a) = t·P(t)·e^-a²/2 with t = 1/(1+0.35a), and e^-a²/2. The relative error of P is near-minimax, 3e-8,
// so that the far tail is accurate as well. a is at most 14.5, where both functions are 0: an infinite a would give NaN.
func normalTail[V, M any](m Machine[V, M], x V) (a, tail, e V) {
	a = m.AtMost(m.Abs(x), coefficients.TailLargest)
	e = expWithin(m, m.Mul(m.Mul(a, a), m.K(-0.5)))
	t := m.Div(m.K(1), m.AddMul(m.K(1), a, m.K(coefficients.TailScale)))
	p := m.Horner(t, coefficients.NormalTail[:])
	return a, m.Mul(m.Mul(p, t), e), e
}

// GELU returns x·Φ(x) = max(x, 0) - |x|·Φ(-|x|).
func GELU[V, M any](m Machine[V, M], x V) V {
	a, tail, _ := normalTail(m, x)
	return m.SubMul(m.ReLU(x), a, tail)
}

// GELUSlope returns the derivative of GELU, Φ(x) + x·φ(x): r for x < 0 and 1-r for x ≥ 0, where r = Φ(-|x|) - |x|·φ(x).
func GELUSlope[V, M any](m Machine[V, M], x V) V {
	a, tail, e := normalTail(m, x)
	return geluSlope(m, x, a, tail, e)
}

// geluSlope returns GELUSlope(x) for the results of normalTail; tail is not used afterwards.
func geluSlope[V, M any](m Machine[V, M], x, a, tail, e V) V {
	r := m.SubMul(tail, m.Mul(a, e), m.K(1/math.Sqrt(2*math.Pi)))
	return m.Choose(m.Negative(x), r, m.Sub(m.K(1), r))
}

// GELUWithSlope returns GELU(x) and GELUSlope(x), with their bits.
func GELUWithSlope[V, M any](m Machine[V, M], x V) (y, slope V) {
	a, tail, e := normalTail(m, x)
	y = m.SubMul(m.ReLU(x), a, tail)
	return y, geluSlope(m, x, a, tail, e)
}
