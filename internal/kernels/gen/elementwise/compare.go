package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/x86"
)

// Predicates of comparison, quiet. unordered and those with not hold for NaN, the others do not.
const (
	equal           = 0x00
	unordered       = 0x03
	notEqual        = 0x04
	less            = 0x11
	lessEqual       = 0x12
	notLess         = 0x15
	notGreaterEqual = 0x19
	greaterEqual    = 0x1d
	greater         = 0x1e
)

// compare returns where the predicate holds for a and b.
func (l lanes) compare(predicate uint64, a vec, b operand) mask {
	m := make(mask, l.n)
	for j := range m {
		if l.wide {
			m[j] = K()
		} else {
			m[j] = YMM()
		}
		VCMPPS(Imm(predicate), pick(b, j), a[j], m[j])
	}
	return m
}

// greaterInt returns where the integer a is greater than b.
func (l lanes) greaterInt(a, b vec) mask {
	m := make(mask, l.n)
	for j := range m {
		if l.wide {
			m[j] = K()
			VPCMPD(Imm(6), b[j], a[j], m[j]) // not less or equal
		} else {
			m[j] = YMM()
			VPCMPGTD(b[j], a[j], m[j])
		}
	}
	return m
}

// choose returns yes where m holds and no elsewhere.
func (l lanes) choose(m mask, yes operand, no vec) vec {
	yes = l.whole(yes)
	r := l.reg()
	for j := range r {
		if l.wide {
			writes(x86.VBLENDMPS(pick(yes, j), no[j], m[j], r[j]))
		} else {
			VBLENDVPS(m[j], pick(yes, j), no[j], r[j])
		}
	}
	return r
}

// whole returns the operand of an instruction with a mask: not in memory, in AVX-512. A read from memory whose mask is all zeros does
// not fault. So where the page is not in the page table, nothing brings it there, and each such read takes about 600 cycles.
func (l lanes) whole(a operand) operand {
	switch m := a.(type) {
	case Mem:
		if l.wide {
			return l.same(l.by(1).load(m)[0])
		}
	case []Mem:
		if l.wide {
			return l.load(m)
		}
	}
	return a
}

// keep returns a where m holds and 0 elsewhere.
func (l lanes) keep(m mask, a operand) vec {
	a = l.whole(a)
	r := l.reg()
	for j := range r {
		if l.wide {
			VMOVUPS_Z(pick(a, j), m[j], r[j])
		} else {
			VANDPS(pick(a, j), m[j], r[j])
		}
	}
	return r
}

// whereNotZero returns a where t is not 0, and 0 elsewhere: then t·a is 0 where t is, even if a is infinite.
func (l lanes) whereNotZero(t, a vec) vec { return l.keep(l.compare(notEqual, t, l.zero()), a) }

// poison returns NaN where m holds and a elsewhere.
func (l lanes) poison(m mask, a vec) vec {
	if l.wide {
		return l.choose(m, l.bits(0xffffffff), a)
	}
	r := l.reg()
	for j := range r {
		VORPS(a[j], m[j], r[j])
	}
	return r
}

// indicator returns 1 where the predicate holds for a and b, NaN where either is NaN, and 0 elsewhere.
func (l lanes) indicator(predicate uint64, a, b vec) vec {
	return l.poison(l.compare(unordered, a, b), l.keep(l.compare(predicate, a, b), l.k(1)))
}

// maximum propagates NaN and treats +0 as larger than -0.
func (l lanes) maximum(a, b vec) vec {
	return l.poison(l.compare(unordered, a, b), l.and(l.maxThen(a, b), l.maxThen(b, a)))
}

// minimum propagates NaN and treats -0 as smaller than +0.
func (l lanes) minimum(a, b vec) vec {
	return l.poison(l.compare(unordered, a, b), l.or(l.minThen(a, b), l.minThen(b, a)))
}

// positive returns yes where x > 0, no where x ≤ 0, and NaN where x is NaN.
func (l lanes) positive(x, yes, no vec) vec {
	return l.poison(l.compare(unordered, x, x), l.choose(l.compare(greater, x, l.zero()), yes, no))
}

// flush returns 0 where |v| < tiny, and v elsewhere; NaN stays NaN.
func (l lanes) flush(v vec, tiny Mem) vec { return l.keep(l.compare(notLess, l.abs(v), tiny), v) }
