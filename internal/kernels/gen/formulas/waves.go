package formulas

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// quarters splits a ≥ 0, which is not used afterwards, into n·π/2 + r + rest with |r| ≤ π/4 and a little, where rest is what r lacks.
// The low bits of t are n.
func quarters[V, M any](m Machine[V, M], a V) (t, r, rest V) {
	p := coefficients.HalfPi
	t = m.AddMul(m.K(magic), a, m.K(2/math.Pi))
	n := m.Sub(t, m.K(magic))
	a = m.SubMul(m.SubMul(a, n, m.K(float64(p[0]))), n, m.K(float64(p[1])))
	c := m.Mul(n, m.K(float64(p[2])))
	b := m.Sub(a, c)
	lo := m.SubMul(m.Sub(m.Sub(a, b), c), n, m.K(float64(p[3])))
	r = m.Add(b, lo)
	return t, r, m.Add(m.Sub(b, r), lo)
}

// wave returns sin(n·π/2 + r + rest) for n in the low bits of t.
func wave[V, M any](m Machine[V, M], t, r, rest V) V {
	z := m.Mul(r, r)
	sin := m.Add(r, m.MulAdd(m.Mul(m.Horner(z, coefficients.Sin[:]), z), r, rest))
	h := m.Mul(z, m.K(0.5))
	w := m.Sub(m.K(1), h)
	lost := m.SubMul(m.Sub(m.Sub(m.K(1), w), h), r, rest)
	cos := m.Add(w, m.MulAdd(m.Mul(m.Horner(z, coefficients.Cos[:]), z), z, lost))
	q := m.ShiftLeft(t, 30) // as a number it is 0 for even n; its sign is that of the result
	return m.Xor(m.Choose(m.Zero(q), sin, cos), m.Sign(q))
}

// Sin returns sin x for |x| ≤ coefficients.WaveLargest, by way of |x|, so that -0 stays -0.
func Sin[V, M any](m Machine[V, M], x V) V {
	t, r, rest := quarters(m, m.Abs(x))
	return m.Xor(wave(m, t, r, rest), m.Sign(x))
}

// Cos returns cos x for |x| ≤ coefficients.WaveLargest, a quarter of a turn ahead of the sine.
func Cos[V, M any](m Machine[V, M], x V) V {
	t, r, rest := quarters(m, m.Abs(x))
	return wave(m, m.AddInt(t, m.Bits(1)), r, rest)
}
