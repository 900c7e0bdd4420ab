package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// setMask sets the mask for the last of nv vectors that hold cols elements together.
func (t *tile) setMask(cols reg.GPVirtual) {
	Label(fmt.Sprint(t.name, "Mask"))
	if t.vec == 64 {
		ones := GP64()
		SUBQ(U32(uint32((t.nv-1)*t.lanes())), cols)
		MOVQ(I32(-1), ones)
		SHLXQ(cols, ones, ones)
		NOTQ(ones)
		KMOVW(ones.As32(), t.mask())
		return
	}
	p := GP64()
	LEAQ(maskTable, p)
	SHLQ(U8(pick(t.form, 2, 3)), cols)
	SUBQ(cols, p)
	VMOVUPS(Mem{Base: p, Disp: 64 + (t.nv-1)*t.vec}, t.mask())
}
