package main

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// The functions in this file take the steps of the portable forms in package kernels (unary_float32.go).

const (
	magic   = 3 << 22
	oneBits = 0x3f800000
	signBit = 1 << 31
)

// horner evaluates a polynomial in x, whose highest coefficient comes first.
func horner(x code, c []float32) code {
	p := k(float64(c[0]))
	for _, v := range c[1:] {
		p = add(mul(p, x), k(float64(v)))
	}
	return p
}

// reduce returns an integer with n in its low bits, and r, where x = n·ln 2 + r.
func (f *function) reduce(x code) (n, r code) {
	t := f.let(v128, add(mul(x, k(math.Log2E)), k(magic)))
	k0 := f.let(v128, sub(t, k(magic)))
	r = f.let(v128, sub(sub(x, mul(k0, k(coefficients.Ln2Hi))), mul(k0, k(coefficients.Ln2Lo))))
	return t, r
}

// expm1r returns e^r - 1 for |r| ≤ ln 2/2.
func expm1r(r code) code { return add(mul(horner(r, coefficients.Expm1[:]), mul(r, r)), r) }

// power returns 2ⁿ.
func power(n code) code { return addWords(shiftLeft(n, 23), splat32(oneBits)) }

func clamp(x code, lo, hi float64) code { return atMost(atLeast(x, k(lo)), k(hi)) }

func (f *function) exp(x code) code {
	n, r := f.reduce(f.let(v128, clamp(x, -104, 89)))
	half := f.let(v128, shiftRightZero(n, 1))
	return mul(mul(add(expm1r(r), k(1)), power(half)), power(subWords(n, half)))
}

func (f *function) expSmall(x code) code {
	n, r := f.reduce(f.let(v128, x))
	return mul(add(expm1r(r), k(1)), power(n))
}

func sign(x code) code      { return and(x, splat32(signBit)) }
func orSign(y, x code) code { return or(y, sign(x)) }
func minusAbs(x code) code  { return or(x, splat32(signBit)) }

func (f *function) expm1(x code) code {
	n, r := f.reduce(f.let(v128, clamp(x, -20, 89)))
	s := f.let(v128, power(addWords(n, splat32(math.MaxUint32))))
	y := f.let(v128, add(mul(expm1r(r), s), sub(s, k(0.5))))
	return orSign(add(y, y), x)
}

func (f *function) tanh(x code) code {
	a := f.let(v128, clamp(abs(x), 0, 10))
	far := f.let(v128, sub(k(1), div(k(2), add(f.expSmall(add(a, a)), k(1)))))
	z := f.let(v128, mul(a, a))
	near := add(mul(mul(z, horner(z, coefficients.Tanh[:])), a), a)
	return orSign(pick(greater(a, k(coefficients.TanhNear)), far, near), x)
}

func (f *function) sigmoid(x code) code {
	e := f.let(v128, f.exp(minusAbs(x)))
	return div(pick(less(x, k(0)), e, k(1)), add(e, k(1)))
}

// mantissa splits the bits of a normal u > 0 into m·2ⁿ.
func (f *function) mantissa(u code) (m, n code) {
	n = f.let(v128, shiftRight(subWords(u, splat32(0x3f3504f3)), 23))
	return f.let(v128, subWords(u, shiftLeft(n, 23))), n
}

// logPolynomial returns ln(1+f) + n·ln 2.
func (f *function) logPolynomial(x, n code) code {
	z := f.let(v128, mul(x, x))
	y := add(mul(mul(z, x), horner(x, coefficients.Log[:])), mul(n, k(coefficients.Ln2Lo)))
	y = sub(y, mul(z, k(0.5)))
	return add(add(x, y), mul(n, k(coefficients.Ln2Hi)))
}

// logEnds completes y, a logarithm of u.
func logEnds(u, y code) code {
	y = pick(equal(u, k(math.Inf(1))), u, y)
	y = pick(equal(u, k(0)), k(math.Inf(-1)), y)
	return pick(greaterEqual(u, k(0)), y, splat32(0x7fc00000))
}

func (f *function) log(x code) code {
	tiny := f.let(v128, less(x, splat32(0x00800000)))
	m, n := f.mantissa(f.let(v128, pick(tiny, mul(x, k(1<<25)), x)))
	y := f.logPolynomial(f.let(v128, sub(m, k(1))), f.let(v128, sub(toFloat(n), and(tiny, k(25)))))
	return logEnds(x, y)
}

func (f *function) log1p(x code) code {
	u := f.let(v128, add(x, k(1)))
	b := f.let(v128, sub(u, k(1)))
	c := add(sub(k(1), sub(u, b)), sub(x, b))
	m, n := f.mantissa(u)
	inverse := subWords(splat32(oneBits), shiftLeft(minWords(n, splat32(100)), 23))
	g := f.let(v128, add(mul(c, inverse), sub(m, k(1))))
	return orSign(logEnds(u, f.logPolynomial(g, f.let(v128, toFloat(n)))), x)
}

func (f *function) log1pExp(x code) code {
	e := f.let(v128, f.exp(minusAbs(x)))
	return add(mul(horner(e, coefficients.Log1pExp[:]), mul(e, e)), e)
}

func (f *function) softplus(x code) code { return add(atLeast(x, k(0)), f.log1pExp(x)) }

func (f *function) erf(x code) code {
	t := f.let(v128, clamp(abs(x), 0, 4))
	far := f.let(v128, sub(k(1), f.expSmall(sub(mul(horner(t, coefficients.ErfFar[:]), t), t))))
	s := f.let(v128, mul(x, x))
	near := add(mul(horner(s, coefficients.ErfNear[:]), x), x)
	return pick(greater(t, k(coefficients.ErfNearEnd)), orSign(far, x), near)
}

func (f *function) normalTail(x code) (a, tail, e code) {
	a = f.let(v128, clamp(abs(x), 0, coefficients.TailLargest))
	e = f.let(v128, f.exp(mul(mul(a, a), k(-0.5))))
	t := f.let(v128, div(k(1), add(mul(a, k(coefficients.TailScale)), k(1))))
	return a, mul(mul(horner(t, coefficients.NormalTail[:]), t), e), e
}

func (f *function) gelu(x code) code {
	a, tail, _ := f.normalTail(x)
	return sub(atLeast(x, k(0)), mul(a, tail))
}

func (f *function) geluSlope(x code) code {
	a, tail, e := f.normalTail(x)
	r := f.let(v128, sub(tail, mul(mul(a, e), k(1/(math.Sqrt2*math.SqrtPi)))))
	return pick(less(x, k(0)), r, sub(k(1), r))
}

// function returns an element of one input.
func mathematical(name string, g func(f *function, x code) code) stream {
	return element(name, 1, 0, 1, func(f *function, x, _ []code) code { return g(f, x[0]) })
}

var functions = []stream{
	mathematical("Exp", (*function).exp),
	mathematical("Expm1", (*function).expm1),
	mathematical("Log", (*function).log),
	mathematical("Log1p", (*function).log1p),
	mathematical("Tanh", (*function).tanh),
	mathematical("Sigmoid", (*function).sigmoid),
	mathematical("Softplus", (*function).softplus),
	mathematical("Erf", (*function).erf),
	mathematical("GELU", (*function).gelu),
	mathematical("GELUSlope", (*function).geluSlope),
	element("ELU", 1, 1, 1, func(f *function, x, c []code) code {
		return pick(greater(x[0], k(0)), x[0], mul(c[0], f.expm1(x[0])))
	}),
	element("Logistic", 2, 0, 1, func(f *function, x, _ []code) code { return f.logistic(x[0], x[1]) }),
	element("LogSoftmaxGrad", 2, 1, 1, func(f *function, x, c []code) code { return sub(x[0], mul(c[0], f.exp(x[1]))) }),
	element("BCELogitsGrad", 2, 1, 1, func(f *function, x, c []code) code { return mul(c[0], sub(f.sigmoid(x[0]), x[1])) }),
}

// logistic returns softplus(z) - z·t.
func (f *function) logistic(z, t code) code {
	return add(sub(atLeast(z, k(0)), whereNotZero(t, mul(z, t))), f.log1pExp(z))
}
