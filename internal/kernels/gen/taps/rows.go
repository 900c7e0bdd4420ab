package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// everySecond writes a copy of every second element.
func everySecond() {
	TEXT("everySecond", attr.NOSPLIT, "func(dst, x *float32, n int)")
	Doc("everySecond sets dst[i] to x[2i] for i < n, a multiple of 8. It reads 2n elements.")
	Pragma("noescape")
	dst, x, n := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	Label("loop")
	a, b := YMM(), YMM()
	VMOVUPS(Mem{Base: x}, a)
	VMOVUPS(Mem{Base: x, Disp: 4 * lanes}, b)
	VSHUFPS(Imm(0x88), b, a, a) // the even elements, in both halves: 0 2 8 10, 4 6 12 14
	VPERMPD(Imm(0xD8), a, a)
	VMOVUPS(a, Mem{Base: dst})
	ADDQ(Imm(8*lanes), x)
	ADDQ(Imm(4*lanes), dst)
	SUBQ(Imm(lanes), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// toEverySecond writes the reverse of everySecond.
func toEverySecond() {
	TEXT("toEverySecond", attr.NOSPLIT, "func(dst, x *float32, n int)")
	Doc("toEverySecond sets dst[2i] to x[i] for i < n, a multiple of 8. It writes the other ones of 2n elements as they are.")
	Pragma("noescape")
	dst, x, n := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	Label("loop")
	v, low, high := YMM(), YMM(), YMM()
	VPERMPD(Imm(0xD8), Mem{Base: x}, v) // 0 1 4 5, 2 3 6 7
	VUNPCKLPS(v, v, low)
	VUNPCKHPS(v, v, high)
	for i, half := range []reg.VecVirtual{low, high} {
		m := Mem{Base: dst, Disp: 4 * lanes * i}
		VBLENDPS(Imm(0xAA), m, half, half)
		VMOVUPS(half, m)
	}
	ADDQ(Imm(8*lanes), dst)
	ADDQ(Imm(4*lanes), x)
	SUBQ(Imm(lanes), n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// copyRows writes a copy of rows with zeros between them.
func copyRows() {
	TEXT("copyBordered", attr.NOSPLIT, "func(dst, x *byte, width, rows, out, in, planes, outPlane, inPlane int)")
	Doc("copyBordered copies planes that are outPlane and inPlane bytes apart, of rows of width ≥ 32 bytes that are out and in bytes apart,",
		"and sets what is between the rows in dst to 0.")
	Pragma("noescape")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	width, rows := Load(Param("width"), GP64()), Load(Param("rows"), GP64())
	out, in := Load(Param("out"), GP64()), Load(Param("in"), GP64())
	zero, v := zeros(1)[0], YMM()
	Label("row")
	to, from, left := GP64(), GP64(), GP64()
	MOVQ(dst, to)
	MOVQ(x, from)
	MOVQ(width, left)
	Label("copy")
	VMOVDQU(Mem{Base: from}, v)
	VMOVDQU(v, Mem{Base: to})
	ADDQ(Imm(4*lanes), from)
	ADDQ(Imm(4*lanes), to)
	SUBQ(Imm(4*lanes), left)
	CMPQ(left, Imm(4*lanes))
	JGE(LabelRef("copy"))
	VMOVDQU(Mem{Base: from, Index: left, Scale: 1, Disp: -4 * lanes}, v) // the last 32 bytes, some of them again
	VMOVDQU(v, Mem{Base: to, Index: left, Scale: 1, Disp: -4 * lanes})
	ADDQ(left, to)
	ADDQ(out, dst)
	ADDQ(in, x)
	DECQ(rows)
	JNZ(LabelRef("zero"))
	planes, step := Load(Param("planes"), GP64()), GP64()
	DECQ(planes)
	JZ(LabelRef("end"))
	Store(planes, Param("planes"))
	Load(Param("rows"), rows)
	for i, p := range []reg.Register{dst, x} { // from the row after the last one to the first one of the next plane
		apart := []reg.Register{out, in}[i]
		MOVQ(rows, step)
		IMULQ(apart, step)
		SUBQ(step, p)
		ADDQ(Load(Param([]string{"outPlane", "inPlane"}[i]), GP64()), p)
	}
	Label("zero") // zeros may reach into the next row, which is copied later
	CMPQ(to, dst)
	JGE(LabelRef("row"))
	VMOVDQU(zero, Mem{Base: to})
	ADDQ(Imm(4*lanes), to)
	JMP(LabelRef("zero"))
	Label("end")
	VZEROUPPER()
	RET()
}
