package formulas

import "github.com/nndiy/nndiy/internal/kernels/coefficients"

// Pow returns x to the power of p + tail, where x is positive, normal and finite, |p| at most coefficients.PowLargest, and tail what p
// lacks of the exponent. It is 2 to the power of the exponent's product with log₂ x, in two numbers: a product of two numbers of 12 bits,
// which is exact, and the rest.
func Pow[V, M any](m Machine[V, M], x, p, tail V) V {
	u, lo := log2(m, x)
	uh := short(m, m.Add(u, lo))
	ul := m.Sub(lo, m.Sub(uh, u))
	ph := short(m, p)
	hi := m.Mul(ph, uh)
	rest := m.AddMul(m.Mul(p, ul), m.Add(m.Sub(p, ph), tail), uh)
	t := m.Add(m.Clamp(m.Add(hi, rest), -160, 130), m.K(magic))
	n := m.Sub(t, m.K(magic))
	r := m.Clamp(m.Add(m.Sub(hi, n), rest), -1, 1)
	return m.Scale(m.MulAdd(m.Horner(r, coefficients.Exp2[:]), r, m.K(1)), t, n)
}

// short returns the first 12 bits of x, towards 0.
func short[V, M any](m Machine[V, M], x V) V { return m.And(x, m.Bits(0xfffff000)) }

// log2 returns log₂ x = hi + lo for a positive, normal and finite x. The mantissa z is near a centre c: the result is the exponent of x,
// log₂ c, and 2·artanh s/ln 2, where s = (z-c)/(z+c). The first 12 bits of s times those of 2/ln 2 are exact; the others, and the terms
// from s³ on, are in lo.
func log2[V, M any](m Machine[V, M], x V) (hi, lo V) {
	z, exponent := mantissa(m, x)
	below, above := m.Less(z, m.K(coefficients.CentreBelow)), m.Greater(z, m.K(coefficients.CentreAbove))
	centre := func(i int) V {
		c := coefficients.Centres[i]
		return m.Choose(below, m.K(float64(c[0])), m.Choose(above, m.K(float64(c[2])), m.K(float64(c[1]))))
	}
	c := centre(0)
	f, d := m.Sub(z, c), m.Add(z, c)
	dh := short(m, d)
	dl := m.Add(m.Sub(d, dh), m.Sub(z, m.Sub(d, c)))
	inverse := m.Div(m.K(1), d)
	s := m.Mul(f, inverse)
	sh := short(m, s)
	sl := m.Mul(m.SubMul(m.SubMul(f, sh, dh), sh, dl), inverse)
	q := m.Mul(s, s)
	lo = m.Mul(m.Mul(m.Horner(q, coefficients.Log2[:]), q), s)
	lo = m.AddMul(m.AddMul(lo, sl, m.K(coefficients.Log2Hi+coefficients.Log2Lo)), sh, m.K(coefficients.Log2Lo))
	n, v := m.Add(m.ToFloat(exponent), centre(1)), m.Mul(sh, m.K(coefficients.Log2Hi))
	hi = m.Add(n, v)
	return hi, m.Add(m.Add(lo, centre(2)), m.Sub(v, m.Sub(hi, n)))
}
