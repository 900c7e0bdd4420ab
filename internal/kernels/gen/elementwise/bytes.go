package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// emitFromBytes writes the functions that convert bytes to float32 by whole registers, first four at a time, then one.
func emitFromBytes() {
	for _, l := range both {
		begin("fromBytes"+l.suffix(), "converts n bytes to float32; n is a multiple of 16.", "func(dst *float32, src *byte, n int)")
		dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
		loop := func(l lanes) {
			step := l.n * l.count()
			top, done := label("loop"), label("done")
			SUBQ(Imm(uint64(step)), n)
			JLT(LabelRef(done))
			Label(top)
			x := l.reg()
			for j := range x {
				VPMOVZXBD(Mem{Base: src, Disp: j * l.count()}, x[j])
			}
			for j := range x {
				VCVTDQ2PS(x[j], x[j])
			}
			l.store(x, l.at(Mem{Base: dst}))
			ADDQ(Imm(uint64(step)), src)
			ADDQ(U32(4*step), dst)
			SUBQ(Imm(uint64(step)), n)
			JGE(LabelRef(top))
			Label(done)
			ADDQ(Imm(uint64(step)), n)
		}
		loop(l.by(4))
		loop(l)
		VZEROUPPER()
		RET()
	}
}
