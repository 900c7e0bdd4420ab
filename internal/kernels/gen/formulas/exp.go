package formulas

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

const (
	magic   = 3 << 22 // a float32 of this size has no fraction: adding it rounds to an integer, in the low bits
	oneBits = 0x3f800000
	signBit = 1 << 31
)

// reduce splits x, which is not used afterwards, into n·ln 2 + r with |r| ≤ ln 2/2. It returns t, whose low bits are n, and n and r.
func reduce[V, M any](m Machine[V, M], x V) (t, n, r V) {
	hi, lo := m.Ln2()
	t = m.AddMul(m.K(magic), x, m.K(math.Log2E))
	n = m.Sub(t, m.K(magic))
	return t, n, m.SubMul(m.SubMul(x, n, m.K(hi)), n, m.K(lo))
}

// expm1r returns e^r - 1 for |r| ≤ ln 2/2.
func expm1r[V, M any](m Machine[V, M], r V) V {
	return m.MulAdd(m.Horner(r, coefficients.Expm1[:]), m.Mul(r, r), r)
}

// Power returns 2ⁿ for n in the low bits of t, -126 ≤ n ≤ 127.
func Power[V, M any](m Machine[V, M], t V) V {
	return m.AddInt(m.ShiftLeft(t, 23), m.Bits(oneBits))
}

// Exp returns eˣ for every x.
func Exp[V, M any](m Machine[V, M], x V) V { return expWithin(m, m.Clamp(x, -104, 89)) }

// expWithin returns eˣ for -106 ≤ x ≤ 89; x is not used afterwards.
func expWithin[V, M any](m Machine[V, M], x V) V {
	t, n, r := reduce(m, x)
	return m.Scale(m.Add(expm1r(m, r), m.K(1)), t, n)
}

// Halves is Scale for machines without an instruction for it: it multiplies by 2ⁿ in two halves, since the result may be denormal. half
// is t shifted right by 1.
func Halves[V, M any](m Machine[V, M], p, t, half V) V {
	p = m.Mul(p, Power(m, half))
	return m.Mul(p, Power(m, m.SubInt(t, half)))
}

// expSmall returns eˣ for -80 ≤ x ≤ 80; x is not used afterwards.
func expSmall[V, M any](m Machine[V, M], x V) V {
	t, _, r := reduce(m, x)
	return m.Mul(m.Add(expm1r(m, r), m.K(1)), Power(m, t))
}

// Expm1 returns eˣ-1 for every x, as 2·(2ⁿ⁻¹·(e^r-1) + (2ⁿ⁻¹-½)).
func Expm1[V, M any](m Machine[V, M], x V) V {
	t, _, r := reduce(m, m.Clamp(x, -20, 89))
	s := Power(m, m.AddInt(t, m.Bits(math.MaxUint32)))
	y := m.MulAdd(expm1r(m, r), s, m.Sub(s, m.K(0.5)))
	return m.Or(m.Add(y, y), m.Sign(x))
}

// Tanh returns x + x³P(x²) near 0, with P from Cephes, and 1 - 2/(1+e^2|x|) with the sign of x elsewhere.
func Tanh[V, M any](m Machine[V, M], x V) V {
	a := m.AtMost(m.Abs(x), 10)
	far := m.Div(m.K(2), m.Add(expSmall(m, m.Add(a, a)), m.K(1)))
	far = m.Sub(m.K(1), far)
	z := m.Mul(a, a)
	p := m.Horner(z, coefficients.Tanh[:])
	y := m.Choose(m.Greater(a, m.K(coefficients.TanhNear)), far, m.MulAdd(m.Mul(z, p), a, a))
	return m.Or(y, m.Sign(x))
}

// expMinusAbs returns e^-|x|.
func expMinusAbs[V, M any](m Machine[V, M], x V) V { return Exp(m, m.Or(x, m.Bits(signBit))) }

// Sigmoid returns 1/(1+e) for x ≥ 0 and e/(1+e) for x < 0, where e = e^-|x|.
func Sigmoid[V, M any](m Machine[V, M], x V) V {
	e := expMinusAbs(m, x)
	return m.Div(m.Choose(m.Negative(x), e, m.K(1)), m.Add(e, m.K(1)))
}

// ELU returns x where x > 0, else c(eˣ-1).
func ELU[V, M any](m Machine[V, M], x, c V) V {
	return m.Choose(m.Positive(x), x, m.Mul(c, Expm1(m, x)))
}

// BCEGrad returns c(sigmoid(z) - t).
func BCEGrad[V, M any](m Machine[V, M], z, t, c V) V { return m.Mul(c, m.Sub(Sigmoid(m, z), t)) }

// LogSoftmaxGrad returns a - c·e^b.
func LogSoftmaxGrad[V, M any](m Machine[V, M], a, b, c V) V { return m.Sub(a, m.Mul(c, Exp(m, b))) }
