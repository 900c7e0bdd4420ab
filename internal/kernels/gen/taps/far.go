package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// permuteFar writes the sum of single elements of which each tap of a block is within two registers of AVX-512.
func permuteFar() {
	TEXT("permuteFar", attr.NOSPLIT, "func(dst, x *float32, block, base, at *int32, weight *float32, blocks, taps, rows, out, in int)")
	Doc("permuteFar does what gatherTaps does for blocks of up to 16 elements. A block has two words: its first element, and a mask of its",
		"elements. base has an index for each tap of a block; at and weight have 16 elements for each. An index is less than 32, relative to",
		"its base. Nothing is read beyond the in elements of a row.")
	Pragma("noescape")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	none := ZMM()
	VPTERNLOGD(Imm(0xff), none, none, none)
	low, high := K(), K()
	tableMasks(low, high)
	Label("row")
	block, base, at, weight := Load(Param("block"), GP64()), Load(Param("base"), GP64()), Load(Param("at"), GP64()), Load(Param("weight"), GP64())
	blocks := Load(Param("blocks"), GP64())
	Label("block")
	sum := ZMM()
	VPXORD(sum, sum, sum)
	taps := Load(Param("taps"), GP64())
	Label("taps")
	first, v, a, b, there := GP64(), ZMM(), ZMM(), ZMM(), K()
	MOVLQSX(Mem{Base: base}, first)
	VMOVUPS_Z(Mem{Base: x, Index: first, Scale: 4}, low, a)
	VMOVUPS_Z(Mem{Base: x, Index: first, Scale: 4, Disp: 64}, high, b)
	VMOVDQU32(Mem{Base: at}, v)
	VPCMPGTD(none, v, there)
	VPERMI2PS_Z(b, a, there, v)
	VMULPS(Mem{Base: weight}, v, v)
	VADDPS(v, sum, sum)
	ADDQ(Imm(4), base)
	ADDQ(Imm(64), at)
	ADDQ(Imm(64), weight)
	DECQ(taps)
	JNZ(LabelRef("taps"))
	to, mask := GP64(), K()
	MOVLQSX(Mem{Base: block}, to)
	KMOVW(Mem{Base: block, Disp: 4}, mask)
	VMOVUPS(sum, mask, Mem{Base: dst, Index: to, Scale: 4})
	ADDQ(Imm(8), block)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	nextRow(dst, x)
}

// tableMasks sets masks of the first 16 elements and the next 16 that a row of at least in elements has.
func tableMasks(low, high Op) {
	in, most, one := Load(Param("in"), GP64()), GP64(), GP64()
	MOVQ(U64(32), most)
	CMPQ(in, most)
	CMOVQGT(most, in)
	MOVQ(U64(1), one)
	SHLXQ(in, one, one)
	DECQ(one)
	KMOVW(one.As32(), low)
	SHRQ(Imm(16), one)
	KMOVW(one.As32(), high)
}
