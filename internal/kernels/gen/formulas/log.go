package formulas

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// mantissa splits a normal u > 0 into z·2ⁿ with √½ ≤ z < √2. It returns z, and n as an integer.
func mantissa[V, M any](m Machine[V, M], u V) (z, n V) {
	n = m.ShiftRight(m.SubInt(u, m.Bits(0x3f3504f3)), 23)
	return m.SubInt(u, m.ShiftLeft(n, 23)), n
}

// logPolynomial returns ln(1+f) + n·ln 2 for √½ ≤ 1+f < √2.
func logPolynomial[V, M any](m Machine[V, M], f, n V) V {
	hi, lo := m.Ln2()
	z := m.Mul(f, f)
	p := m.Horner(f, coefficients.Log[:])
	y := m.AddMul(m.Mul(m.Mul(z, f), p), n, m.K(lo))
	y = m.SubMul(y, z, m.K(0.5))
	return m.AddMul(m.Add(f, y), n, m.K(hi))
}

// logEnds completes y, a logarithm of u: -Inf where u is 0, +Inf where u is +Inf, NaN where u is negative or NaN.
func logEnds[V, M any](m Machine[V, M], u, y V) V {
	y = m.Choose(m.Equal(u, m.K(math.Inf(1))), u, y)
	y = m.Choose(m.Zero(u), m.K(math.Inf(-1)), y)
	return m.From0(u, y)
}

// Log returns ln x.
func Log[V, M any](m Machine[V, M], x V) V {
	tiny := m.Less(x, m.Bits(0x00800000))
	z, n := mantissa(m, m.Choose(tiny, m.Mul(x, m.K(1<<25)), x))
	exponent := m.Sub(m.ToFloat(n), m.Keep(tiny, m.K(25)))
	return logEnds(m, x, logPolynomial(m, m.Sub(z, m.K(1)), exponent))
}

// Log1p returns ln(1+x). It finds the rounding error of the sum by Knuth's two-sum and corrects for it.
func Log1p[V, M any](m Machine[V, M], x V) V {
	u := m.Add(x, m.K(1))
	b := m.Sub(u, m.K(1))
	c := m.Add(m.Sub(m.K(1), m.Sub(u, b)), m.Sub(x, b))
	z, n := mantissa(m, u)
	inverse := m.SubInt(m.K(1), m.ShiftLeft(m.MinInt(n, m.Bits(100)), 23))
	f := m.AddMul(m.Sub(z, m.K(1)), c, inverse)
	return m.Or(logEnds(m, u, logPolynomial(m, f, m.ToFloat(n))), m.Sign(x))
}

// Log1pExp returns ln(1+e) for e = e^-|x|, as e + e²P(e).
func Log1pExp[V, M any](m Machine[V, M], x V) V {
	e := expMinusAbs(m, x)
	return m.MulAdd(m.Horner(e, coefficients.Log1pExp[:]), m.Mul(e, e), e)
}

// Softplus returns max(x, 0) + ln(1 + e^-|x|).
func Softplus[V, M any](m Machine[V, M], x V) V { return m.Add(m.ReLU(x), Log1pExp(m, x)) }

// Logistic returns softplus(z) - z·t.
func Logistic[V, M any](m Machine[V, M], z, t V) V {
	y := m.Sub(m.ReLU(z), m.Mul(m.NotZero(t, z), t))
	return m.Add(y, Log1pExp(m, z))
}
