package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// maskTable is 64 bytes of ones followed by 64 bytes of zeros. The bytes from 64-n on are a mask of n bytes.
var maskTable Mem

// masks writes maskTable.
func masks() {
	maskTable = GLOBL("masks", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		v := U64(0)
		if i < 8 {
			v = ^v
		}
		DATA(8*i, v)
	}
}

// pick returns the single- or the double-precision form of an instruction.
func pick[F any](f form, ps, pd F) F {
	if f.size == 4 {
		return ps
	}
	return pd
}

func (f form) load(m Mem, r Op)      { pick(f, VMOVUPS, VMOVUPD)(m, r) }
func (f form) store(r Op, m Mem)     { pick(f, VMOVUPS, VMOVUPD)(r, m) }
func (f form) broadcast(m Mem, r Op) { pick(f, VBROADCASTSS, VBROADCASTSD)(m, r) }
func (f form) add(x, y, r Op)        { pick(f, VADDPS, VADDPD)(x, y, r) }
func (f form) mul(x, y, r Op)        { pick(f, VMULPS, VMULPD)(x, y, r) }

// fma adds x·y to r.
func (f form) fma(x, y, r Op) { pick(f, VFMADD231PS, VFMADD231PD)(x, y, r) }

// fmaBroadcast adds the number in m times y to r, in AVX-512.
func (f form) fmaBroadcast(m Mem, y, r Op) { pick(f, VFMADD231PS_BCST, VFMADD231PD_BCST)(m, y, r) }

// max stores the greater of x and y in r, or x if one of them is NaN.
func (f form) max(x, y, r Op) { pick(f, VMAXPS, VMAXPD)(x, y, r) }

// min stores the lesser of x and y in r, or x if one of them is NaN.
func (f form) min(x, y, r Op) { pick(f, VMINPS, VMINPD)(x, y, r) }

// skipOne jumps to a label if the number in m is 1.
func (f form) skipOne(m Mem, label string) {
	if f.size == 4 {
		CMPL(m, U32(math.Float32bits(1)))
	} else {
		one := GP64()
		MOVQ(U64(math.Float64bits(1)), one)
		CMPQ(m, one)
	}
	JE(LabelRef(label))
}

// zero clears r.
func (f form) zero(r Op) {
	if f.vec == 64 {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// maskLoad loads the elements that the mask selects, and zeros elsewhere.
func (f form) maskLoad(m Mem, mask, r Op) {
	if f.vec == 64 {
		pick(f, VMOVUPS_Z, VMOVUPD_Z)(m, mask, r)
	} else {
		pick(f, VMASKMOVPS, VMASKMOVPD)(m, mask, r)
	}
}

// maskStore stores the elements that the mask selects.
func (f form) maskStore(r, mask Op, m Mem) {
	if f.vec == 64 {
		pick(f, VMOVUPS, VMOVUPD)(r, mask, m)
	} else {
		pick(f, VMASKMOVPS, VMASKMOVPD)(r, mask, m)
	}
}
