package kernels

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// The functions in this file are the portable forms for float32. The WebAssembly form takes the same steps.

const (
	roundMagic = 3 << 22 // a float32 of this size has no fraction: adding it rounds to an integer, in the low bits
	oneBits    = 0x3f800000
	signBit    = 1 << 31
)

// reduce32 splits x into n·ln 2 + r with |r| ≤ ln 2/2. It returns the bits of a float32 whose low bits are n, and r.
func reduce32(x float32) (n uint32, r float32) {
	t := x*math.Log2E + roundMagic
	k := t - roundMagic
	return math.Float32bits(t), x - k*coefficients.Ln2Hi - k*coefficients.Ln2Lo
}

// expm1r32 returns e^r - 1 for |r| ≤ ln 2/2.
func expm1r32(r float32) float32 {
	c := &coefficients.Expm1
	q := (((c[0]*r+c[1])*r+c[2])*r+c[3])*r + c[4]
	return q*(r*r) + r
}

// power32 returns 2ⁿ for n in the low bits, -126 ≤ n ≤ 127.
func power32(n uint32) float32 { return math.Float32frombits(n<<23 + oneBits) }

// clamp32 bounds x from both sides; NaN stays NaN.
func clamp32(x, lo, hi float32) float32 {
	if x < lo {
		x = lo
	}
	if x > hi {
		x = hi
	}
	return x
}

// exp32 returns eˣ. It multiplies by 2ⁿ in two halves, since the result may be denormal.
func exp32(x float32) float32 {
	n, r := reduce32(clamp32(x, -104, 89))
	p, half := expm1r32(r)+1, n>>1
	return p * power32(half) * power32(n-half)
}

// exp32Small returns eˣ for -80 ≤ x ≤ 80.
func exp32Small(x float32) float32 {
	n, r := reduce32(x)
	return (expm1r32(r) + 1) * power32(n)
}

// expm1of32 returns eˣ-1, as 2·(2ⁿ⁻¹·(e^r-1) + (2ⁿ⁻¹-½)).
func expm1of32(x float32) float32 {
	n, r := reduce32(clamp32(x, -20, 89))
	s := power32(n - 1)
	y := expm1r32(r)*s + (s - 0.5)
	return orSign(y+y, x)
}

// orSign sets the sign of y if x has one.
func orSign(y, x float32) float32 {
	return math.Float32frombits(math.Float32bits(y) | math.Float32bits(x)&signBit)
}

func abs32(x float32) float32      { return math.Float32frombits(math.Float32bits(x) &^ signBit) }
func minusAbs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) | signBit) }

// tanh32 returns tanh x: near 0 from a polynomial, elsewhere 1 - 2/(1+e^2|x|) with the sign of x.
func tanh32(x float32) float32 {
	a := clamp32(abs32(x), 0, 10)
	if a > coefficients.TanhNear {
		return orSign(1-2/(exp32Small(a+a)+1), x)
	}
	c, z := &coefficients.Tanh, a*a
	p := (((c[0]*z+c[1])*z+c[2])*z+c[3])*z + c[4]
	return orSign(z*p*a+a, x)
}

// sigmoid32 returns 1/(1+e) for x ≥ 0 and e/(1+e) for x < 0, where e = e^-|x|.
func sigmoid32(x float32) float32 {
	e := exp32(minusAbs32(x))
	if x < 0 {
		return e / (e + 1)
	}
	return 1 / (e + 1)
}

// mantissa32 splits the bits of a normal u > 0 into m·2ⁿ with √½ ≤ m < √2.
func mantissa32(u uint32) (m float32, n int32) {
	n = int32(u-0x3f3504f3) >> 23
	return math.Float32frombits(u - uint32(n)<<23), n
}

// logPolynomial32 returns ln(1+f) + n·ln 2 for √½ ≤ 1+f < √2.
func logPolynomial32(f, n float32) float32 {
	c, z := &coefficients.Log, f*f
	y := ((((((c[0]*f+c[1])*f+c[2])*f+c[3])*f+c[4])*f+c[5])*f+c[6])*f + c[7]
	y = z*f*y + n*coefficients.Ln2Lo
	y -= z * 0.5
	return f + y + n*coefficients.Ln2Hi
}

// logEnds32 completes y, a logarithm of u: -Inf where u is 0, +Inf where u is +Inf, NaN where u is negative or NaN.
func logEnds32(u, y float32) float32 {
	switch {
	case !(u >= 0):
		return nan[float32]()
	case u == 0:
		return float32(math.Inf(-1))
	case u > math.MaxFloat32:
		return u
	}
	return y
}

// log32 returns ln x.
func log32(x float32) float32 {
	u, shift := x, float32(0)
	if x < 0x1p-126 {
		u, shift = x*(1<<25), 25
	}
	m, n := mantissa32(math.Float32bits(u))
	return logEnds32(x, logPolynomial32(m-1, float32(n)-shift))
}

// log1p32 returns ln(1+x). It finds the rounding error of the sum by Knuth's two-sum and corrects for it.
func log1p32(x float32) float32 {
	u := x + 1
	b := u - 1
	c := (1 - (u - b)) + (x - b)
	m, n := mantissa32(math.Float32bits(u))
	f := c*math.Float32frombits(oneBits-uint32(min(n, 100))<<23) + (m - 1)
	return orSign(logEnds32(u, logPolynomial32(f, float32(n))), x)
}

// log1pExp32 returns ln(1+e) for e = e^-|x|.
func log1pExp32(x float32) float32 {
	c, e := &coefficients.Log1pExp, exp32(minusAbs32(x))
	p := (((((((c[0]*e+c[1])*e+c[2])*e+c[3])*e+c[4])*e+c[5])*e+c[6])*e+c[7])*e + c[8]
	return p*(e*e) + e
}

// softplus32 returns max(x, 0) + ln(1 + e^-|x|).
func softplus32(x float32) float32 { return relu(x) + log1pExp32(x) }

// erf32 returns erf x: near 0 from a polynomial, elsewhere 1 - e^P(|x|) with the sign of x.
func erf32(x float32) float32 {
	t := clamp32(abs32(x), 0, 4)
	if t > coefficients.ErfNearEnd {
		c := &coefficients.ErfFar
		q := (((((c[0]*t+c[1])*t+c[2])*t+c[3])*t+c[4])*t+c[5])*t + c[6]
		return orSign(1-exp32Small(q*t-t), x)
	}
	c, s := &coefficients.ErfNear, x*x
	p := ((((c[0]*s+c[1])*s+c[2])*s+c[3])*s+c[4])*s + c[5]
	return p*x + x
}

// normalTail32 returns a = |x|, Φ(-a) and e^-a²/2.
func normalTail32(x float32) (a, tail, e float32) {
	a = clamp32(abs32(x), 0, coefficients.TailLargest)
	e = exp32(a * a * -0.5)
	c, t := &coefficients.NormalTail, 1/(a*coefficients.TailScale+1)
	p := (((((((c[0]*t+c[1])*t+c[2])*t+c[3])*t+c[4])*t+c[5])*t+c[6])*t+c[7])*t + c[8]
	return a, p * t * e, e
}

// gelu32 returns x·Φ(x) = max(x, 0) - |x|·Φ(-|x|).
func gelu32(x float32) float32 {
	a, tail, _ := normalTail32(x)
	return relu(x) - a*tail
}

// geluSlope32 returns Φ(x) + x·φ(x): r for x < 0 and 1-r for x ≥ 0, where r = Φ(-|x|) - |x|·φ(x).
func geluSlope32(x float32) float32 {
	a, tail, e := normalTail32(x)
	const density = 1 / (math.Sqrt2 * math.SqrtPi)
	r := tail - a*e*density
	if x < 0 {
		return r
	}
	return 1 - r
}
