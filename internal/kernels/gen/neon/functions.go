package main

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// The functions in this file take the steps of the portable forms in package kernels (unary_float32.go). Products are fused with sums
// where Go's compiler fuses them on arm64, so that the results have the same bits.

const (
	magic   = 3 << 22
	oneBits = 0x3f800000
	signBit = 1 << 31
)

// reduce returns an integer with n in its low bits, and r, where x = n·ln 2 + r.
func (f *function) reduce(x vector) (n, r vector) {
	n = f.fma(x, f.k(math.Log2E), f.kEach(magic))
	k := f.sub(n, f.k(magic))
	return n, f.fms(f.fms(x, k, f.k(coefficients.Ln2Hi)), k, f.k(coefficients.Ln2Lo))
}

// expm1r returns e^r - 1 for |r| ≤ ln 2/2.
func (f *function) expm1r(r vector) vector {
	return f.fma(f.horner(r, coefficients.Expm1[:]), f.mul(r, r), r)
}

// power returns 2ⁿ.
func (f *function) power(n vector) vector { return f.addInt(f.shiftLeft(n, 23), f.bits(oneBits)) }

// clamp bounds x from both sides; NaN stays NaN.
func (f *function) clamp(x vector, lo, hi float64) vector {
	return f.minimum(f.maximum(x, f.k(lo)), f.k(hi))
}

func (f *function) exp(x vector) vector {
	n, r := f.reduce(f.clamp(x, -104, 89))
	half := f.shiftRightZero(n, 1)
	p := f.add(f.expm1r(r), f.k(1))
	return f.mul(f.mul(p, f.power(half)), f.power(f.subInt(n, half)))
}

func (f *function) expSmall(x vector) vector {
	n, r := f.reduce(x)
	return f.mul(f.add(f.expm1r(r), f.k(1)), f.power(n))
}

func (f *function) orSign(y, x vector) vector { return f.or(y, f.and(x, f.bits(signBit))) }
func (f *function) minusAbs(x vector) vector  { return f.or(x, f.bits(signBit)) }

func (f *function) expm1(x vector) vector {
	n, r := f.reduce(f.clamp(x, -20, 89))
	s := f.power(f.addInt(n, f.bits(math.MaxUint32)))
	y := f.fma(f.expm1r(r), s, f.sub(s, f.k(0.5)))
	return f.orSign(f.add(y, y), x)
}

func (f *function) tanh(x vector) vector {
	a := f.minimum(f.on(fabs, x), f.k(10))
	far := f.sub(f.k(1), f.div(f.k(2), f.add(f.expSmall(f.add(a, a)), f.k(1))))
	z := f.mul(a, a)
	near := f.fma(f.mul(z, f.horner(z, coefficients.Tanh[:])), a, a)
	return f.orSign(f.pick(f.greater(a, f.k(coefficients.TanhNear)), far, near), x)
}

func (f *function) sigmoid(x vector) vector {
	e := f.exp(f.minusAbs(x))
	return f.div(f.pick(f.negative(x), e, f.k(1)), f.add(e, f.k(1)))
}

// mantissa splits the bits of a normal u > 0 into m·2ⁿ.
func (f *function) mantissa(u vector) (m, n vector) {
	n = f.shiftRight(f.subInt(u, f.bits(0x3f3504f3)), 23)
	return f.subInt(u, f.shiftLeft(n, 23)), n
}

// logPolynomial returns ln(1+x) + n·ln 2.
func (f *function) logPolynomial(x, n vector) vector {
	z := f.mul(x, x)
	p := f.horner(x, coefficients.Log[:])
	y := f.fma(n, f.k(coefficients.Ln2Lo), f.mul(f.mul(z, x), p))
	y = f.fms(y, z, f.k(0.5))
	return f.fma(n, f.k(coefficients.Ln2Hi), f.add(x, y))
}

// logEnds completes y, a logarithm of u.
func (f *function) logEnds(u, y vector) vector {
	y = f.pick(f.equal(u, f.k(math.Inf(1))), u, y)
	y = f.pick(f.isZero(u), f.k(math.Inf(-1)), y)
	return f.pick(f.greaterEqual(u, f.zero()), y, f.bits(0x7fc00000))
}

func (f *function) log(x vector) vector {
	tiny := f.less(x, f.bits(0x00800000))
	m, n := f.mantissa(f.pick(tiny, f.mul(x, f.k(1<<25)), x))
	y := f.logPolynomial(f.sub(m, f.k(1)), f.sub(f.on(scvtf, n), f.and(tiny, f.k(25))))
	return f.logEnds(x, y)
}

func (f *function) log1p(x vector) vector {
	u := f.add(x, f.k(1))
	b := f.sub(u, f.k(1))
	c := f.add(f.sub(f.k(1), f.sub(u, b)), f.sub(x, b))
	m, n := f.mantissa(u)
	inverse := f.subInt(f.bits(oneBits), f.shiftLeft(f.on(smin, n, f.bits(100)), 23))
	g := f.fma(c, inverse, f.sub(m, f.k(1)))
	return f.orSign(f.logEnds(u, f.logPolynomial(g, f.on(scvtf, n))), x)
}

func (f *function) log1pExp(x vector) vector {
	e := f.exp(f.minusAbs(x))
	return f.fma(f.horner(e, coefficients.Log1pExp[:]), f.mul(e, e), e)
}

func (f *function) softplus(x vector) vector { return f.add(f.relu(x), f.log1pExp(x)) }

func (f *function) erf(x vector) vector {
	t := f.minimum(f.on(fabs, x), f.k(4))
	q := f.horner(t, coefficients.ErfFar[:])
	far := f.sub(f.k(1), f.expSmall(f.fma(q, t, f.on(fneg, t))))
	s := f.mul(x, x)
	near := f.fma(f.horner(s, coefficients.ErfNear[:]), x, x)
	return f.pick(f.greater(t, f.k(coefficients.ErfNearEnd)), f.orSign(far, x), near)
}

func (f *function) normalTail(x vector) (a, tail, e vector) {
	a = f.minimum(f.on(fabs, x), f.k(coefficients.TailLargest))
	e = f.exp(f.mul(f.mul(a, a), f.k(-0.5)))
	t := f.div(f.k(1), f.fma(a, f.k(coefficients.TailScale), f.kEach(1)))
	return a, f.mul(f.mul(f.horner(t, coefficients.NormalTail[:]), t), e), e
}

func (f *function) gelu(x vector) vector {
	a, tail, _ := f.normalTail(x)
	return f.fms(f.relu(x), a, tail)
}

func (f *function) geluSlope(x vector) vector {
	a, tail, e := f.normalTail(x)
	r := f.fms(tail, f.mul(a, e), f.k(1/(math.Sqrt2*math.SqrtPi)))
	return f.pick(f.negative(x), r, f.sub(f.k(1), r))
}

// logistic returns softplus(z) - z·t.
func (f *function) logistic(z, t vector) vector {
	return f.add(f.sub(f.relu(z), f.whereNotZero(t, f.mul(z, t))), f.log1pExp(z))
}

var functions = []stream{
	one("exp", "e^a", 4, (*function).exp),
	one("expm1", "e^a - 1", 4, (*function).expm1),
	one("log", "ln a", 4, (*function).log),
	one("log1p", "ln(1+a)", 2, (*function).log1p),
	one("tanh", "tanh a", 4, (*function).tanh),
	one("sigmoid", "1/(1+e^-a)", 4, (*function).sigmoid),
	one("softplus", "ln(1+e^a)", 4, (*function).softplus),
	one("erf", "erf a", 2, (*function).erf),
	one("gelu", "a·Φ(a)", 2, (*function).gelu),
	one("geluSlope", "Φ(a) + a·φ(a)", 2, (*function).geluSlope),
	oneScalar("elu", "a where a > 0, else c(e^a-1)", 2, func(f *function, x, c vector) vector {
		return f.pick(f.positive(x), x, f.mul(c, f.expm1(x)))
	}),
	twoInputs("logistic", "ln(1+e^a) - a·b", 2, (*function).logistic),
	element("logSoftmaxGrad", "a - c·e^b", 2, 1, 2, func(f *function, x []vector, c, _ vector) vector {
		return f.sub(x[0], f.mul(c, f.exp(x[1])))
	}),
	element("bceGrad", "c(sigmoid(a) - b)", 2, 1, 2, func(f *function, x []vector, c, _ vector) vector {
		return f.mul(c, f.sub(f.sigmoid(x[0]), x[1]))
	}),
}
