package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peak writes a function that runs 12 independent multiply-adds of vectors n times. This is the machine's bound for a
// product.
func (f form) peak() {
	TEXT(f.name+"Peak", attr.NOSPLIT, "func(n int)")
	n := GP64()
	Load(Param("n"), n)
	for _, r := range f.reg[:14] {
		f.zero(r)
	}
	Label("loop")
	for _, r := range f.reg[:12] {
		f.fma(f.reg[12], f.reg[13], r)
	}
	SUBQ(U32(1), n)
	JG(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
