package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// apply emits an instruction of two operands and a new result.
func (l lanes) apply(instruction func(...Op), a vec, b operand) vec {
	r := l.reg()
	for j := range r {
		instruction(pick(b, j), a[j], r[j])
	}
	return r
}

func (l lanes) add(a vec, b operand) vec { return l.apply(VADDPS, a, b) }
func (l lanes) sub(a vec, b operand) vec { return l.apply(VSUBPS, a, b) }
func (l lanes) mul(a vec, b operand) vec { return l.apply(VMULPS, a, b) }
func (l lanes) div(a vec, b operand) vec { return l.apply(VDIVPS, a, b) }
func (l lanes) and(a vec, b operand) vec { return l.apply(VANDPS, a, b) }
func (l lanes) or(a vec, b operand) vec  { return l.apply(VORPS, a, b) }
func (l lanes) xor(a vec, b operand) vec { return l.apply(VXORPS, a, b) }

// maxThen returns a > b ? a : b; so it returns b if either is NaN or both are zero.
func (l lanes) maxThen(a vec, b operand) vec { return l.apply(VMAXPS, a, b) }

// minThen returns a < b ? a : b; so it returns b if either is NaN or both are zero.
func (l lanes) minThen(a vec, b operand) vec { return l.apply(VMINPS, a, b) }

func (l lanes) addInt(a vec, b operand) vec { return l.apply(VPADDD, a, b) }
func (l lanes) subInt(a vec, b operand) vec { return l.apply(VPSUBD, a, b) }
func (l lanes) minInt(a vec, b operand) vec { return l.apply(VPMINSD, a, b) }
func (l lanes) xorInt(a vec, b operand) vec {
	if l.wide {
		return l.apply(VPXORD, a, b)
	}
	return l.apply(func(o ...Op) { VPXOR(o[0], o[1], o[2]) }, a, b)
}

// shift emits an instruction of an immediate, an operand and a new result.
func (l lanes) shift(instruction func(...Op), a vec, n uint64) vec {
	r := l.reg()
	for j := range r {
		instruction(Imm(n), a[j], r[j])
	}
	return r
}

func (l lanes) shiftLeft(a vec, n uint64) vec  { return l.shift(VPSLLD, a, n) }
func (l lanes) shiftRight(a vec, n uint64) vec { return l.shift(VPSRAD, a, n) } // keeps the sign

// sqrt returns √a.
func (l lanes) sqrt(a vec) vec {
	r := l.reg()
	for j := range r {
		VSQRTPS(a[j], r[j])
	}
	return r
}

// toFloat converts integers.
func (l lanes) toFloat(a vec) vec {
	r := l.reg()
	for j := range r {
		VCVTDQ2PS(a[j], r[j])
	}
	return r
}

// floor rounds down.
func (l lanes) floor(a vec) vec {
	if l.wide {
		return l.shift(VRNDSCALEPS, a, 9)
	}
	return l.shift(func(o ...Op) { VROUNDPS(o[0], o[1], o[2]) }, a, 9)
}

// The next three work in place, for an operand that is not needed any more.

// mulAddTo sets a = a·b + c, with one rounding, and returns it.
func (l lanes) mulAddTo(a, b vec, c operand) vec {
	for j := range a {
		VFMADD213PS(pick(c, j), b[j], a[j])
	}
	return a
}

// addProductTo sets c = c + a·b, with one rounding, and returns it.
func (l lanes) addProductTo(c, a vec, b operand) vec {
	for j := range c {
		VFMADD231PS(pick(b, j), a[j], c[j])
	}
	return c
}

// subProductTo sets c = c - a·b, with one rounding, and returns it.
func (l lanes) subProductTo(c, a vec, b operand) vec {
	for j := range c {
		VFNMADD231PS(pick(b, j), a[j], c[j])
	}
	return c
}

// horner evaluates the polynomial in x with the given coefficients, the highest power first.
func (l lanes) horner(x vec, c []float32) vec {
	r := l.load(l.k(float64(c[0])))
	for _, v := range c[1:] {
		l.mulAddTo(r, x, l.k(float64(v)))
	}
	return r
}

// abs clears the sign.
func (l lanes) abs(a vec) vec { return l.and(a, l.bits(0x7fffffff)) }

// sign clears everything except the sign.
func (l lanes) sign(a vec) vec { return l.and(a, l.bits(0x80000000)) }
