package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tail returns the mask of the first n elements of n registers; it may select all of them.
func (l lanes) tail(n reg.Register) mask {
	m := make(mask, l.n)
	if l.wide {
		b := GP64()
		MOVQ(n, reg.RCX)
		MOVQ(U64(1), b)
		SHLQ(reg.CL, b)
		DECQ(b)
		m[0] = K()
		KMOVW(b.As32(), m[0])
		return m
	}
	table := GP64()
	LEAQ(ramp(), table)
	for j := range m {
		// The table is 8 ones, then 8 zeros; the index is clamped to it.
		minus := GP64()
		MOVQ(n, minus)
		NEGQ(minus)
		if l.n > 1 {
			bound := GP64()
			ADDQ(Imm(uint64(8*j)), minus)
			MOVQ(I32(-8), bound)
			CMPQ(minus, bound)
			CMOVQLT(bound, minus)
			XORQ(bound, bound)
			CMPQ(minus, bound)
			CMOVQGT(bound, minus)
		}
		m[j] = l.by(1).load(Mem{Base: table, Index: minus, Scale: 4, Disp: 32})[0]
	}
	return m
}

var rampTable *Mem

// ramp returns a table of 8 words of ones and 8 of zeros: in the vector that begins at word 8-n, the first n words are set.
func ramp() Mem {
	if rampTable == nil {
		m := GLOBL("ramp", 16|8)
		for i := range 16 {
			DATA(4*i, I32(i/8-1))
		}
		rampTable = &m
	}
	return *rampTable
}

// loadPart loads the elements that t selects, and zeros elsewhere.
func (l lanes) loadPart(t mask, m []Mem) vec {
	r := l.reg()
	for j := range r {
		if l.wide {
			VMOVUPS_Z(m[j], t[j], r[j])
		} else {
			VMASKMOVPS(m[j], t[j], r[j])
		}
	}
	return r
}

// storePart stores the elements that t selects.
func (l lanes) storePart(t mask, v vec, m []Mem) {
	for j := range v {
		if l.wide {
			VMOVUPS(v[j], t[j], m[j])
		} else {
			VMASKMOVPS(v[j], t[j], m[j])
		}
	}
}
