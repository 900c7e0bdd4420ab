package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// combineLines writes sums of whole lines. Those of one or two lines, which are the most frequent ones, keep their pointers and weights
// in registers.
func combineLines() {
	TEXT("combineLines", attr.NOSPLIT, "func(dst, x *float32, first *int, at *int32, weight *float32, n, lines int)")
	Doc("combineLines sets line i of dst, of n ≥ 8 elements, for each i < lines to the sum over first[i] ≤ k < first[i+1] of weight[k]",
		"times the n elements from x[at[k]·n] on.")
	Pragma("noescape")
	dst, x, first := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("first"), GP64())
	n, at, weight, taps := Load(Param("n"), GP64()), GP64(), GP64(), GP64()
	zero := zeros(1)[0]
	Label("line")
	k := GP64()
	MOVQ(Mem{Base: first}, k)
	MOVQ(Mem{Base: first, Disp: 8}, taps)
	SUBQ(k, taps)
	Load(Param("at"), at)
	Load(Param("weight"), weight)
	LEAQ(Mem{Base: at, Index: k, Scale: 4}, at)
	LEAQ(Mem{Base: weight, Index: k, Scale: 4}, weight)
	CMPQ(taps, Imm(2))
	JE(LabelRef("two"))
	JG(LabelRef("many"))
	TESTQ(taps, taps)
	JZ(LabelRef("none"))
	few := func(name string, count int) {
		Label(name)
		rows, weights := make([]reg.Register, count), make([]reg.VecVirtual, count)
		for i := range count {
			row := GP64()
			MOVLQSX(Mem{Base: at, Disp: 4 * i}, row)
			IMULQ(n, row)
			LEAQ(Mem{Base: x, Index: row, Scale: 4}, row)
			rows[i], weights[i] = row, YMM()
			VBROADCASTSS(Mem{Base: weight, Disp: 4 * i}, weights[i])
		}
		across(name, n, func(j reg.Register) {
			sum := zero // a product of -0 becomes +0, as in the other sums
			for i, row := range rows {
				p := YMM()
				VMULPS(Mem{Base: row, Index: j, Scale: 4}, weights[i], p)
				VADDPS(p, sum, p)
				sum = p
			}
			VMOVUPS(sum, Mem{Base: dst, Index: j, Scale: 4})
		})
	}
	few("one", 1)
	few("two", 2)
	Label("none")
	across("none", n, func(j reg.Register) { VMOVUPS(zero, Mem{Base: dst, Index: j, Scale: 4}) })
	Label("many")
	many(dst, x, n, at, weight, taps)
	Label("lineEnd")
	LEAQ(Mem{Base: dst, Index: n, Scale: 4}, dst)
	ADDQ(Imm(8), first)
	lines := Load(Param("lines"), GP64())
	DECQ(lines)
	Store(lines, Param("lines"))
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// across emits body for each register of a line of n elements, the last of which may overlap the one before, and ends the line.
func across(name string, n reg.Register, body func(j reg.Register)) {
	j, last := GP64(), GP64()
	XORQ(j, j)
	LEAQ(Mem{Base: n, Disp: -lanes}, last)
	Label(name + "Block")
	body(j)
	ADDQ(Imm(lanes), j)
	CMPQ(j, last)
	JLE(LabelRef(name + "Block"))
	CMPQ(j, n)
	JE(LabelRef("lineEnd"))
	MOVQ(last, j)
	JMP(LabelRef(name + "Block"))
}

// many emits the sum of any number of lines, for 4 registers at a time as long as the line fills them.
func many(dst, x, n, at, weight, taps reg.Register) {
	j, last := GP64(), GP64()
	XORQ(j, j)
	for _, part := range []struct {
		name  string
		count int
	}{{"wide", 4}, {"narrow", 1}} {
		LEAQ(Mem{Base: n, Disp: -lanes * part.count}, last)
		Label(part.name)
		CMPQ(j, last)
		JG(LabelRef(part.name + "End"))
		sums := zeros(part.count)
		k := GP64()
		XORQ(k, k)
		Label(part.name + "Taps")
		row, w := GP64(), YMM()
		MOVLQSX(Mem{Base: at, Index: k, Scale: 4}, row)
		IMULQ(n, row)
		ADDQ(j, row)
		VBROADCASTSS(Mem{Base: weight, Index: k, Scale: 4}, w)
		for i, s := range sums {
			p := YMM()
			VMULPS(Mem{Base: x, Index: row, Scale: 4, Disp: 4 * lanes * i}, w, p)
			VADDPS(p, s, s)
		}
		INCQ(k)
		CMPQ(k, taps)
		JL(LabelRef(part.name + "Taps"))
		for i, s := range sums {
			VMOVUPS(s, Mem{Base: dst, Index: j, Scale: 4, Disp: 4 * lanes * i})
		}
		ADDQ(Imm(uint64(lanes*part.count)), j)
		JMP(LabelRef(part.name))
		Label(part.name + "End")
	}
	CMPQ(j, n)
	JE(LabelRef("lineEnd"))
	MOVQ(last, j)
	JMP(LabelRef("narrow"))
}
