package kernels

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// pow32 returns x to the power of p + tail, as the vector forms do, where x is positive, normal and finite, |p| at most
// coefficients.PowLargest, and tail what p lacks of the exponent.
func pow32(x, p, tail float32) float32 {
	u, lo := log2of32(x)
	uh, ph := short32(u+lo), short32(p)
	ul := lo - (uh - u)
	hi := float32(ph * uh)
	rest := float32(p*ul) + (p-ph+tail)*uh
	t := clamp32(hi+rest, -160, 130) + roundMagic
	n := t - roundMagic
	r := clamp32(hi-n+rest, -1, 1)
	c, bits := &coefficients.Exp2, math.Float32bits(t)
	y := (((((c[0]*r+c[1])*r+c[2])*r+c[3])*r+c[4])*r+c[5])*r + 1
	half := bits >> 1
	return y * power32(half) * power32(bits-half)
}

// short32 returns the first 12 bits of x, towards 0.
func short32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ 0xfff) }

// log2of32 returns log₂ x = hi + lo for a positive, normal and finite x.
func log2of32(x float32) (hi, lo float32) {
	z, exponent := mantissa32(math.Float32bits(x))
	i := 1
	if z < coefficients.CentreBelow {
		i = 0
	} else if z > coefficients.CentreAbove {
		i = 2
	}
	centre := coefficients.Centres[0][i]
	f, d := z-centre, z+centre
	dh := short32(d)
	dl := d - dh + (z - (d - centre))
	inverse := 1 / d
	s := float32(f * inverse)
	sh := short32(s)
	sl := (f - sh*dh - sh*dl) * inverse
	c, q := &coefficients.Log2, s*s
	lo = float32(((c[0]*q+c[1])*q+c[2])*q*s) + sl*(coefficients.Log2Hi+coefficients.Log2Lo) + sh*coefficients.Log2Lo
	n, v := float32(exponent)+coefficients.Centres[1][i], float32(sh*coefficients.Log2Hi)
	hi = n + v
	return hi, lo + coefficients.Centres[2][i] + (v - (hi - n))
}

const (
	powBlock = 4096 // elements that stay in the first-level cache
	powFew   = 64
)

// powScalar32 sets dst = xᵖ for any x and p.
func powScalar32(dst, x []float32, p float64) {
	hi, tail := splitExponent(p)
	for n := 0; len(x) > 0; dst, x = dst[n:], x[n:] {
		n = min(len(x), powBlock)
		if math.Abs(p) <= coefficients.PowLargest && arePowers(x[:n]) {
			rawPowScalar(dst[:n], x[:n], hi, tail)
			continue
		}
		n = min(n, powFew)
		var before, y [powFew]float32 // since dst may be x
		copy(before[:], x[:n])
		Abs(y[:n], before[:n])
		rawPowScalar(y[:n], y[:n], hi, tail)
		for i, v := range before[:n] {
			dst[i] = powFrom(v, p, y[i])
		}
	}
}

// pow32s sets dst = aᵇ for any a and b.
func pow32s(dst, a, b []float32) {
	for n := 0; len(a) > 0; dst, a, b = dst[n:], a[n:], b[n:] {
		n = min(len(a), powBlock)
		if arePowers(a[:n]) && MinOf(b[:n]) >= -coefficients.PowLargest && MaxOf(b[:n]) <= coefficients.PowLargest {
			rawPow(dst[:n], a[:n], b[:n])
			continue
		}
		n = min(n, powFew)
		var before, exponent, y [powFew]float32 // since dst may be a or b
		copy(before[:], a[:n])
		copy(exponent[:], b[:n])
		Abs(y[:n], before[:n])
		rawPow(y[:n], y[:n], exponent[:n])
		for i, v := range before[:n] {
			dst[i] = powFrom(v, float64(exponent[i]), y[i])
		}
	}
}

// arePowers reports whether the formula serves all x as bases: they are positive, normal and finite.
func arePowers(x []float32) bool { return MinOf(x) >= 0x1p-126 && MaxOf(x) <= math.MaxFloat32 }

// rawPowScalar sets dst to pow32 of x.
func rawPowScalar(dst, x []float32, p, tail float32) {
	if fast1(opPowScalar, dst, x, p, tail) {
		return
	}
	for i, v := range x {
		dst[i] = pow32(v, p, tail)
	}
}

// rawPow sets dst to pow32 of a and b.
func rawPow(dst, a, b []float32) {
	if fast2(opPow, dst, a, b, 0, 0) {
		return
	}
	for i, v := range a {
		dst[i] = pow32(v, b[i], 0)
	}
}

// splitExponent returns p as a sum of two float32.
func splitExponent(p float64) (hi, tail float32) {
	hi = float32(p)
	return hi, float32(p - float64(hi))
}

// powFrom returns xᵖ as in math.Pow. y is the result of the formula for |x|, which is used where it serves.
func powFrom(x float32, p float64, y float32) float32 {
	size := abs32(x)
	switch {
	case !(size >= 0x1p-126 && size <= math.MaxFloat32 && math.Abs(p) <= coefficients.PowLargest):
		return float32(math.Pow(float64(x), p))
	case x > 0:
		return y
	case p != math.Trunc(p):
		return nan[float32]()
	case math.Mod(p, 2) != 0:
		return -y
	}
	return y
}
