package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dot writes a function that computes the inner products of a vector x and four lines of a matrix, line bytes apart, with n
// elements each. Each line has two vectors of sums, so that two vectors of products are added at a time.
func (f form) dot() {
	TEXT(f.name+"Dot", attr.NOSPLIT, "func(out, x, w *byte, line, n int)")
	out, x, w, line, n := GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("out"), out)
	Load(Param("x"), x)
	Load(Param("w"), w)
	Load(Param("line"), line)
	Load(Param("n"), n)
	w3 := GP64()
	LEAQ(Mem{Base: w, Index: line, Scale: 2}, w3)
	ADDQ(line, w3)
	lines := []Mem{{Base: w}, {Base: w, Index: line, Scale: 1}, {Base: w, Index: line, Scale: 2}, {Base: w3}}
	t := tile{form: f, nv: 1}
	for i := range 8 {
		f.zero(f.reg[i])
	}
	// step adds the products of the h-th vector from here to the h-th sums. A masked vector of w is loaded into a register first.
	step := func(h int, mask bool) {
		v, tmp := f.reg[8], f.reg[9]
		at := func(m Mem) Mem { m.Disp = h * f.vec; return m }
		if mask {
			f.maskLoad(at(Mem{Base: x}), t.mask(), v)
		} else {
			f.load(at(Mem{Base: x}), v)
		}
		for i, m := range lines {
			if mask {
				f.maskLoad(at(m), t.mask(), tmp)
				f.fma(tmp, v, f.reg[2*i+h])
			} else {
				f.fma(at(m), v, f.reg[2*i+h])
			}
		}
	}
	forward := func(vectors int) {
		for _, p := range []reg.GPVirtual{x, w, w3} {
			ADDQ(U32(uint32(vectors*f.vec)), p)
		}
		SUBQ(U32(uint32(vectors*f.lanes())), n)
	}
	Label("loop")
	CMPQ(n, U32(uint32(2*f.lanes())))
	JL(LabelRef("last"))
	step(0, false)
	step(1, false)
	forward(2)
	JMP(LabelRef("loop"))
	Label("last")
	CMPQ(n, U32(uint32(f.lanes())))
	JL(LabelRef("tail"))
	step(0, false)
	forward(1)
	Label("tail")
	CMPQ(n, U32(0))
	JE(LabelRef("sum"))
	t.name = "tail"
	t.setMask(n)
	step(0, true)
	Label("sum")
	for i := range lines {
		f.add(f.reg[2*i], f.reg[2*i+1], f.reg[i])
		f.lanesSum(f.reg[i], f.reg[10])
		pick(f, VMOVSS, VMOVSD)(f.reg[i].AsX(), Mem{Base: out, Disp: i * f.size})
	}
	VZEROUPPER()
	RET()
}

// lanesSum adds up the lanes of r in halves. The sum is in the lowest lane.
func (f form) lanesSum(r, tmp reg.VecPhysical) {
	if f.vec == 64 {
		VEXTRACTF64X4(Imm(1), r.AsZ(), tmp.AsY())
		f.add(tmp.AsY(), r.AsY(), r.AsY())
	}
	VEXTRACTF128(Imm(1), r.AsY(), tmp.AsX())
	f.add(tmp.AsX(), r.AsX(), r.AsX())
	if f.size == 4 {
		VMOVHLPS(r.AsX(), r.AsX(), tmp.AsX())
		f.add(tmp.AsX(), r.AsX(), r.AsX())
		VMOVSHDUP(r.AsX(), tmp.AsX())
	} else {
		VUNPCKHPD(r.AsX(), r.AsX(), tmp.AsX())
	}
	f.add(tmp.AsX(), r.AsX(), r.AsX())
}
