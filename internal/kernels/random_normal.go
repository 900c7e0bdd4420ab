package kernels

import "math"

// NormalFill sets dst to elements offset, offset+1, … of the stream, with the standard normal distribution. The Box-Muller
// transform makes elements 2k and 2k+1 from two uniform numbers. Its logarithm, sine and cosine are polynomials without
// fused products, so that the bits are the same on every machine. float32 elements lie within 5.8 standard deviations,
// float64 elements within 8.6.
func NormalFill[T Float](dst []T, s Stream, offset int) {
	head, groups := s.split(len(dst), offset)
	if vectorised[T](groups*groupWords) && groups > 0 {
		normals(dst[:head], s, offset)
		vectorNormal(pointer(dst[head:]), groups, uint64(offset+head)/4, s)
		head += groups * groupWords
		dst, offset = dst[head:], offset+head
	}
	normals(dst, s, offset)
}

// normals is NormalFill in portable Go.
func normals[T Float](dst []T, s Stream, offset int) {
	for i := 0; i < len(dst); {
		at := uint64(offset + i)
		even, odd := normalPair[T](s, at/2)
		if at%2 == 1 {
			dst[i] = odd
			i++
			continue
		}
		dst[i] = even
		if i++; i < len(dst) {
			dst[i] = odd
			i++
		}
	}
}

// normalPair returns elements 2k and 2k+1 of the stream.
func normalPair[T Float](s Stream, k uint64) (even, odd T) {
	if single[T]() {
		w := s.block(k / 2)
		a, b := w[k%2*2], w[k%2*2+1]
		return boxMuller(float64(a>>8+1)*0x1p-24, float64(b>>8)*0x1p-24, T(0))
	}
	return boxMuller(s.uniform64(2*k)+0x1p-53, s.uniform64(2*k+1), T(0))
}

// boxMuller returns √(-2 ln u)·cos 2πv and √(-2 ln u)·sin 2πv, for u in (0, 1] and v in [0, 1).
func boxMuller[T Float](u, v float64, _ T) (T, T) {
	r := math.Sqrt(-2 * steadyLog(u))
	q := math.Floor(float64(4*v) + 0.5) // nearest quarter turn
	sin, cos := steadySinCos(float64(float64(4*v)-q) * (math.Pi / 2))
	switch int(q) & 3 {
	case 1:
		sin, cos = cos, -sin
	case 2:
		sin, cos = -sin, -cos
	case 3:
		sin, cos = -cos, sin
	}
	return T(r * cos), T(r * sin)
}

// steadyLog returns ln u for finite u > 0, with the same bits on every machine: ln u = e·ln 2 + 2 artanh((m-1)/(m+1)) for u
// = m·2ᵉ with m near 1, as in FreeBSD's e_log.c.
func steadyLog(u float64) float64 {
	m, e := math.Frexp(u)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	f := m - 1
	s := f / (2 + f)
	z := float64(s * s)
	p := polynomial(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
		1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)
	h := float64(float64(0.5*f) * f)
	r := float64(s * (h + float64(z*p)))
	const ln2hi, ln2lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	return float64(float64(e)*ln2hi) - ((h - (r + float64(float64(e)*ln2lo))) - f)
}

// steadySinCos returns the sine and cosine of x, |x| ≤ π/4, with the same bits on every machine, as in FreeBSD's k_sin.c
// and k_cos.c.
func steadySinCos(x float64) (sin, cos float64) {
	z := float64(x * x)
	p := polynomial(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
		2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10)
	q := polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
		-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11)
	return x + float64(float64(x*z)*p), 1 - float64(0.5*z) + float64(float64(z*z)*q)
}

// polynomial evaluates c[0] + c[1]·z + … by Horner's rule, rounding each product.
func polynomial(z float64, c ...float64) float64 {
	p := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		p = float64(p*z) + c[i]
	}
	return p
}
