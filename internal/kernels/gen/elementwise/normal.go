package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// doubles emits instructions on float64. No product is fused with a sum: each step is one of NormalFill's portable form and
// rounds as that does.
type doubles struct{ lanes }

var doubleTables = map[uint64]Mem{}

// bits returns a vector of the 64-bit constant in memory.
func (l doubles) bits(b uint64) Mem {
	if _, ok := doubleTables[b]; !ok {
		doubleTables[b] = GLOBL(fmt.Sprintf("all%016x", b), 16|8)
		for i := range 8 {
			DATA(8*i, U64(b))
		}
	}
	return doubleTables[b]
}

func (l doubles) k(f float64) Mem { return l.bits(math.Float64bits(f)) }

func (l doubles) all(f float64) vec { return l.same(l.by(1).load(l.k(f))[0]) }

func (l doubles) add(a vec, b operand) vec { return l.apply(VADDPD, a, b) }
func (l doubles) sub(a vec, b operand) vec { return l.apply(VSUBPD, a, b) }
func (l doubles) mul(a vec, b operand) vec { return l.apply(VMULPD, a, b) }
func (l doubles) div(a vec, b operand) vec { return l.apply(VDIVPD, a, b) }
func (l doubles) xor(a vec, b operand) vec { return l.apply(VXORPD, a, b) }
func (l doubles) and(a vec, b operand) vec { return l.apply(VANDPD, a, b) }
func (l doubles) or(a vec, b operand) vec  { return l.apply(VORPD, a, b) }

// polynomial is the function of that name in package kernels. The lowest power comes first.
func (l doubles) polynomial(z vec, c ...float64) vec {
	p := l.mul(z, l.k(c[len(c)-1]))
	for i := len(c) - 2; i > 0; i-- {
		p = l.mul(l.add(p, l.k(c[i])), z)
	}
	return l.add(p, l.k(c[0]))
}

// two52 is 2⁵²: the low bits of a float64 of this size are an integer.
const two52 = 1 << 52

// top24 converts the upper 24 bits of the words.
func (l doubles) top24(word vec) vec {
	n := l.shift(VPSRLQ, l.shift(VPSLLQ, word, 32), 40)
	return l.sub(l.or(n, l.k(two52)), l.k(two52))
}

// log is steadyLog of package kernels.
func (l doubles) log(u vec) vec {
	half := math.Float64bits(math.Sqrt2 / 2)
	i := l.apply(VPSUBQ, u, l.bits(half))
	biased := l.shift(VPSRLQ, l.apply(VPADDQ, i, l.bits(1023<<52)), 52)
	e := l.sub(l.or(biased, l.k(two52)), l.k(two52+1023))
	m := l.apply(VPADDQ, l.and(i, l.bits(1<<52-1)), l.bits(half))
	f := l.sub(m, l.k(1))
	s := l.div(f, l.add(f, l.k(2)))
	z := l.mul(s, s)
	p := l.polynomial(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01, 2.222219843214978396e-01,
		1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01)
	h := l.mul(l.mul(f, l.k(0.5)), f)
	r := l.mul(s, l.add(h, l.mul(z, p)))
	const ln2hi, ln2lo = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	return l.sub(l.mul(e, l.k(ln2hi)), l.sub(l.sub(h, l.add(r, l.mul(e, l.k(ln2lo)))), f))
}

// sinCos is steadySinCos of package kernels.
func (l doubles) sinCos(x vec) (sin, cos vec) {
	z := l.mul(x, x)
	p := l.polynomial(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03, -1.98412698298579493134e-04,
		2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10)
	q := l.polynomial(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03, 2.48015872894767294178e-05,
		-2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11)
	return l.add(l.mul(l.mul(x, z), p), x), l.add(l.sub(l.all(1), l.mul(z, l.k(0.5))), l.mul(l.mul(z, z), q))
}

// boxMuller is the function of that name in package kernels, on two words. The results are float32 in the low halves of
// 64-bit lanes.
func (l doubles) boxMuller(a, b vec) (even, odd vec) {
	r := l.log(l.mul(l.add(l.top24(a), l.k(1)), l.k(0x1p-24)))
	r = l.mul(r, l.k(-2))
	for j := range r {
		VSQRTPD(r[j], r[j])
	}
	turns := l.mul(l.top24(b), l.k(4*0x1p-24))
	quarter := l.floorDouble(l.add(turns, l.k(0.5)))
	sin, cos := l.sinCos(l.mul(l.sub(turns, quarter), l.k(math.Pi/2)))
	q := l.add(quarter, l.k(two52))
	odds := l.shift(VPSLLQ, q, 63) // the sign bit is set in odd quarters
	differ := l.and(l.xor(sin, cos), l.fillSign(odds))
	sin, cos = l.xor(sin, differ), l.xor(cos, differ)
	minus := l.bits(1 << 63)
	sin = l.xor(sin, l.and(l.shift(VPSLLQ, q, 62), minus))
	cos = l.xor(cos, l.and(l.shift(VPSLLQ, l.apply(VPADDQ, q, l.bits(1)), 62), minus))
	return l.toWords(l.mul(cos, r)), l.toWords(l.mul(sin, r))
}

// floorDouble rounds down.
func (l doubles) floorDouble(a vec) vec {
	if l.wide {
		return l.shift(VRNDSCALEPD, a, 9)
	}
	return l.shift(func(o ...Op) { VROUNDPD(o[0], o[1], o[2]) }, a, 9)
}

// fillSign copies the sign bit of each 64 bits to all of them.
func (l doubles) fillSign(a vec) vec {
	if l.wide {
		return l.shift(VPSRAQ, a, 63)
	}
	high := l.shift(VPSRAD, a, 31)
	return l.shift(func(o ...Op) { VPSHUFD(o[0], o[1], o[2]) }, high, 0xf5)
}

// toWords rounds to float32, each in the low half of 64 bits.
func (l doubles) toWords(a vec) vec {
	r := l.reg()
	for j := range r {
		if l.wide {
			h := YMM()
			VCVTPD2PS(a[j], h)
			VPMOVZXDQ(h, r[j])
		} else {
			h := XMM()
			VCVTPD2PSY(a[j], h)
			VPMOVZXDQ(h, r[j])
		}
	}
	return r
}

// normal returns pairs of normal numbers made from pairs of words, register by register.
func (l lanes) normal(a, b vec) (even, odd vec) {
	for j := range a {
		x, y := doubles{l.by(1)}.boxMuller(a[j:j+1], b[j:j+1])
		even, odd = append(even, x...), append(odd, y...)
	}
	return even, odd
}
