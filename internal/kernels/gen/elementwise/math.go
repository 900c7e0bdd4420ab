package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
)

// The polynomials in float32 below are near-minimax. The tests of package kernels measure the errors of the functions in every
// form.

const (
	magic = 3 << 22 // a float32 of this size has no fraction: adding it rounds to an integer, in the low bits
	ln2hi = 0.693147182464599609375
	ln2lo = math.Ln2 - ln2hi
	one   = 0x3f800000 // bits of 1
)

// reduce splits x into n·ln 2 + r with |r| ≤ ln 2/2. It returns t, whose low bits are n, and n and r.
func (l lanes) reduce(x vec) (t, n, r vec) {
	t = l.addProductTo(l.load(l.k(magic)), x, l.k(math.Log2E))
	n = l.sub(t, l.k(magic))
	r = l.fnma(n, l.k(ln2hi), x)
	return t, n, l.subProductTo(r, n, l.k(ln2lo))
}

// expm1r returns e^r - 1 for |r| ≤ ln 2/2.
func (l lanes) expm1r(r vec) vec {
	q := l.horner(r, 1.3926250394e-3, 8.3632329479e-3, 4.1666552424e-2, 1.6666576266e-1, 0.5)
	return l.mulAddTo(q, l.mul(r, r), r)
}

// power returns 2ⁿ for n in the low bits of t, -126 ≤ n ≤ 127.
func (l lanes) power(t vec) vec { return l.addInt(l.shiftLeft(t, 23), l.bits(one)) }

// clamp bounds x from both sides; NaN stays NaN.
func (l lanes) clamp(x vec, lo, hi float64) vec {
	return l.maxThen(l.all(lo), l.minThen(l.all(hi), x))
}

// exp returns eˣ for every x. It multiplies by 2ⁿ in two halves, since the result may be denormal.
func (l lanes) exp(x vec) vec {
	t, n, r := l.reduce(l.clamp(x, -104, 89))
	p := l.add(l.expm1r(r), l.k(1))
	if l.wide {
		return l.apply(VSCALEFPS, p, n)
	}
	half := l.shiftRight(t, 1)
	p = l.mul(p, l.power(half))
	return l.mul(p, l.power(l.subInt(t, half)))
}

// expSmall returns eˣ for -80 ≤ x ≤ 80.
func (l lanes) expSmall(x vec) vec {
	t, _, r := l.reduce(x)
	return l.mul(l.add(l.expm1r(r), l.k(1)), l.power(t))
}

// expm1 returns eˣ-1 for every x, as 2·(2ⁿ⁻¹·(e^r-1) + (2ⁿ⁻¹-½)).
func (l lanes) expm1(x vec) vec {
	t, _, r := l.reduce(l.clamp(x, -20, 89))
	s := l.power(l.addInt(t, l.bits(0xffffffff)))
	y := l.mulAddTo(l.expm1r(r), s, l.sub(s, l.k(0.5)))
	return l.or(l.add(y, y), l.sign(x))
}

// tanh returns x + x³P(x²) near 0, with P from Cephes, and 1 - 2/(1+e^2|x|) with the sign of x elsewhere.
func (l lanes) tanh(x vec) vec {
	a := l.minThen(l.all(10), l.abs(x))
	far := l.div(l.all(2), l.add(l.expSmall(l.add(a, a)), l.k(1)))
	far = l.sub(l.all(1), far)
	z := l.mul(a, a)
	p := l.horner(z, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	y := l.choose(l.compare(greater, a, l.k(0.625)), far, l.mulAddTo(l.mul(z, p), a, a))
	return l.or(y, l.sign(x))
}

// sigmoid returns 1/(1+e) for x ≥ 0 and e/(1+e) for x < 0, where e = e^-|x|.
func (l lanes) sigmoid(x vec) vec {
	e := l.exp(l.or(x, l.bits(0x80000000)))
	top := l.choose(l.compare(less, x, l.zero()), e, l.all(1))
	return l.div(top, l.add(e, l.k(1)))
}

// mantissa splits a normal u > 0 into m·2ⁿ with √½ ≤ m < √2. It returns m, n as an integer, and n as a float32.
func (l lanes) mantissa(u vec) (m, n, exponent vec) {
	n = l.shiftRight(l.subInt(u, l.bits(0x3f3504f3)), 23)
	m = l.subInt(u, l.shiftLeft(n, 23))
	return m, n, l.toFloat(n)
}

// logPolynomial returns ln(1+f) + n·ln 2 for √½ ≤ 1+f < √2.
func (l lanes) logPolynomial(f, n vec) vec {
	z := l.mul(f, f)
	y := l.horner(f, -7.9027436674e-2, 1.2622319162e-1, -1.2998183072e-1, 1.4214496315e-1, -1.6641281545e-1, 2.0001044869e-1,
		-2.5000306964e-1, 3.3333331347e-1)
	y = l.mul(l.mul(z, f), y)
	l.addProductTo(y, n, l.k(ln2lo))
	l.subProductTo(y, z, l.k(0.5))
	return l.addProductTo(l.add(f, y), n, l.k(ln2hi))
}

// logEnds completes y, a logarithm of u: -Inf where u is 0, +Inf where u is +Inf, NaN where u is negative or NaN.
func (l lanes) logEnds(u, y vec) vec {
	y = l.choose(l.compare(equal, u, l.k(math.Inf(1))), u, y)
	y = l.choose(l.compare(equal, u, l.zero()), l.all(math.Inf(-1)), y)
	return l.poison(l.compare(notGreaterEqual, u, l.zero()), y)
}

// log returns ln x.
func (l lanes) log(x vec) vec {
	tiny := l.compare(less, x, l.bits(0x00800000))
	m, _, n := l.mantissa(l.choose(tiny, l.mul(x, l.k(1<<25)), x))
	n = l.sub(n, l.keep(tiny, l.all(25)))
	return l.logEnds(x, l.logPolynomial(l.sub(m, l.k(1)), n))
}

// log1p returns ln(1+x). It finds the rounding error of the sum by Knuth's two-sum and corrects for it.
func (l lanes) log1p(x vec) vec {
	u := l.add(x, l.k(1))
	b := l.sub(u, l.k(1))
	c := l.add(l.sub(l.all(1), l.sub(u, b)), l.sub(x, b))
	m, n, exponent := l.mantissa(u)
	inverse := l.subInt(l.all(1), l.shiftLeft(l.minInt(n, l.bits(100)), 23))
	f := l.addProductTo(l.sub(m, l.k(1)), c, inverse)
	return l.or(l.logEnds(u, l.logPolynomial(f, exponent)), l.sign(x))
}

// log1pExp returns ln(1+e) for e = e^-|x|, as e + e²P(e).
func (l lanes) log1pExp(x vec) vec {
	e := l.exp(l.or(x, l.bits(0x80000000)))
	p := l.horner(e, -4.4662114233e-3, 2.5224054232e-2, -6.6757723689e-2, 1.1561845243e-1, -1.5847565234e-1, 1.9854106009e-1,
		-2.4986526370e-1, 3.3332842588e-1, -4.9999997020e-1)
	return l.mulAddTo(p, l.mul(e, e), e)
}

// softplus returns max(x, 0) + ln(1 + e^-|x|).
func (l lanes) softplus(x vec) vec { return l.add(l.maxThen(l.zero(), x), l.log1pExp(x)) }

// erf returns x·(1+P(x²)) near 0, and 1 - e^Q(|x|) with the sign of x elsewhere. P and Q are by N. Juffa.
func (l lanes) erf(x vec) vec {
	t := l.minThen(l.all(4), l.abs(x))
	q := l.horner(t, -1.72853470e-5, 3.83197126e-4, -3.88396438e-3, 2.42546219e-2, -1.06777877e-1, -6.34846687e-1, -1.28717512e-1)
	far := l.sub(l.all(1), l.expSmall(l.mulAddTo(q, t, l.xor(t, l.bits(0x80000000)))))
	far = l.or(far, l.sign(x))
	s := l.mul(x, x)
	p := l.horner(s, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1)
	return l.choose(l.compare(greater, t, l.k(0.927734375)), far, l.mulAddTo(p, x, x))
}

// normalTail returns a = |x|, Φ(-a) = t·P(t)·e^-a²/2 with t = 1/(1+0.35a), and e^-a²/2. The relative error of P is
// near-minimax, 3e-8, so that the far tail is accurate as well. a is at most 100, where both functions are 0: an infinite a
// would give NaN.
func (l lanes) normalTail(x vec) (a, tail, e vec) {
	a = l.minThen(l.all(100), l.abs(x))
	e = l.exp(l.mul(l.mul(a, a), l.k(-0.5)))
	t := l.div(l.all(1), l.addProductTo(l.load(l.k(1)), a, l.k(0.35)))
	p := l.horner(t, -2.9165401720e-2, 1.4406810320e-1, -2.5591721850e-1, 1.5941079240e-1, -2.3276403880e-2,
		1.0558024340e-1, 1.1981408640e-1, 1.3986453600e-1, 1.3962124660e-1)
	return a, l.mul(l.mul(p, t), e), e
}

// gelu returns x·Φ(x) = max(x, 0) - |x|·Φ(-|x|).
func (l lanes) gelu(x vec) vec {
	a, tail, _ := l.normalTail(x)
	return l.subProductTo(l.maxThen(l.zero(), x), a, tail)
}

// geluSlope returns the derivative of gelu, Φ(x) + x·φ(x): r for x < 0 and 1-r for x ≥ 0, where r = Φ(-|x|) - |x|·φ(x).
func (l lanes) geluSlope(x vec) vec {
	a, tail, e := l.normalTail(x)
	r := l.subProductTo(tail, l.mul(a, e), l.k(1/math.Sqrt(2*math.Pi)))
	return l.choose(l.compare(less, x, l.zero()), r, l.sub(l.all(1), r))
}

var functions = []element{
	unary("exp", "e^a", 4, lanes.exp),
	unary("expm1", "e^a - 1", 3, lanes.expm1),
	unary("log", "ln a", 2, lanes.log),
	unary("log1p", "ln(1+a)", 2, lanes.log1p),
	unary("tanh", "tanh a", 2, lanes.tanh),
	unary("sigmoid", "1/(1+e^-a)", 2, lanes.sigmoid),
	unary("softplus", "ln(1+e^a)", 2, lanes.softplus),
	unary("erf", "erf a", 2, lanes.erf),
	unary("gelu", "a·Φ(a)", 2, lanes.gelu),
	unary("geluSlope", "Φ(a) + a·φ(a)", 2, lanes.geluSlope),
	scalar("elu", "a where a > 0, else c(e^a-1)", 2, func(l lanes, x, c vec) vec {
		return l.choose(l.compare(greater, x, l.zero()), x, l.mul(c, l.expm1(x)))
	}),
	binary("logistic", "ln(1+e^a) - a·b", 2, func(l lanes, z, t vec) vec {
		y := l.sub(l.maxThen(l.zero(), z), l.mul(l.whereNotZero(t, z), t))
		return l.add(y, l.log1pExp(z))
	}),
	{"logSoftmaxGrad", "a - c·e^b", 2, 1, 2, func(l lanes, x []vec, c, _ vec) vec { return l.sub(x[0], l.mul(c, l.exp(x[1]))) }},
	{"bceGrad", "c(sigmoid(a) - b)", 2, 1, 2, func(l lanes, x []vec, c, _ vec) vec { return l.mul(c, l.sub(l.sigmoid(x[0]), x[1])) }},
}
