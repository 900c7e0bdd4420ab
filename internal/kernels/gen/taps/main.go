// Command taps writes the assembly of linear maps along an axis, for float32 and AVX2: sums of a few elements
// times weights, and rows with a border. One of them is for AVX-512.
package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes is the number of elements of a register.
const lanes = 8

func main() {
	ConstraintExpr("!noasm")
	combineLines()
	gatherTaps()
	permuteTaps("permuteTaps", 1)
	permuteTaps("permuteTapsWide", 2)
	permuteFar()
	copyRows()
	everySecond()
	toEverySecond()
	Generate()
}

// zeros returns registers of zeros.
func zeros(n int) []reg.VecVirtual {
	list := make([]reg.VecVirtual, n)
	for i := range list {
		list[i] = YMM()
		VXORPS(list[i], list[i], list[i])
	}
	return list
}

// gatherTaps writes the sum of single elements.
func gatherTaps() {
	TEXT("gatherTaps", attr.NOSPLIT, "func(dst, x *float32, at *int32, weight *float32, n, taps, rows, out, in int)")
	Doc("gatherTaps sets element i of each of several rows, which are out and in elements apart and have n ≥ 8 elements, to the sum over",
		"k < taps of weight[k·n+i] times element at[k·n+i] of the row of x, without those whose index is negative.")
	Pragma("noescape")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	n := Load(Param("n"), GP64())
	none := YMM()
	VPCMPEQD(none, none, none)
	Label("row")
	to, at, weight, left := GP64(), Load(Param("at"), GP64()), Load(Param("weight"), GP64()), GP64()
	MOVQ(dst, to)
	MOVQ(n, left)
	Label("block")
	sum := zeros(1)[0]
	i, w := GP64(), GP64()
	MOVQ(at, i)
	MOVQ(weight, w)
	taps := Load(Param("taps"), GP64())
	Label("taps")
	index, mask, v := YMM(), YMM(), zeros(1)[0]
	VMOVDQU(Mem{Base: i}, index)
	VPCMPGTD(none, index, mask)
	VGATHERDPS(mask, Mem{Base: x, Index: index, Scale: 4}, v)
	VMULPS(Mem{Base: w}, v, v)
	VADDPS(v, sum, sum)
	LEAQ(Mem{Base: i, Index: n, Scale: 4}, i)
	LEAQ(Mem{Base: w, Index: n, Scale: 4}, w)
	DECQ(taps)
	JNZ(LabelRef("taps"))
	VMOVUPS(sum, Mem{Base: to})
	for _, p := range []reg.Register{to, at, weight} {
		ADDQ(Imm(4*lanes), p)
	}
	nextBlock(left, to, at, weight)
	nextRow(dst, x)
}

// nextBlock goes to the next block of a row. If the elements that are left do not fill a register, the pointers move back.
func nextBlock(left reg.Register, pointers ...reg.Register) {
	SUBQ(Imm(lanes), left)
	JZ(LabelRef("rowEnd"))
	CMPQ(left, Imm(lanes))
	JGE(LabelRef("block"))
	SUBQ(Imm(lanes), left) // the last block begins earlier
	for _, p := range pointers {
		LEAQ(Mem{Base: p, Index: left, Scale: 4}, p)
	}
	MOVQ(U64(lanes), left)
	JMP(LabelRef("block"))
	Label("rowEnd")
}

// nextRow goes to the next row, and returns after the last one.
func nextRow(dst, x reg.Register) {
	step := Load(Param("out"), GP64())
	LEAQ(Mem{Base: dst, Index: step, Scale: 4}, dst)
	Load(Param("in"), step)
	LEAQ(Mem{Base: x, Index: step, Scale: 4}, x)
	rows := Load(Param("rows"), GP64())
	DECQ(rows)
	Store(rows, Param("rows"))
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// permuteTaps writes the sum of single elements which are near each other: tap k of eight neighbours is within width
// registers.
func permuteTaps(name string, width int) {
	TEXT(name, attr.NOSPLIT, "func(dst, x *float32, base, at *int32, weight *float32, n, taps, rows, out, in int)")
	Doc(name+" does what gatherTaps does for each of several rows, which are out and in elements apart. Blocks of 8 elements have",
		"the indices and weights of their first tap, then of the next; a base for each; and an index is relative to its base.",
		fmt.Sprintf("Indices are less than %d. The last block ends at n.", lanes*width))
	Pragma("noescape")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	none := YMM()
	VPCMPEQD(none, none, none)
	Label("row")
	base, at, weight := Load(Param("base"), GP64()), Load(Param("at"), GP64()), Load(Param("weight"), GP64())
	to, left := GP64(), Load(Param("n"), GP64())
	MOVQ(dst, to)
	Label("block")
	sum := zeros(1)[0]
	taps := Load(Param("taps"), GP64())
	Label("taps")
	first, index, v := GP64(), YMM(), YMM()
	MOVLQSX(Mem{Base: base}, first)
	VMOVDQU(Mem{Base: at}, index)
	VPERMPS(Mem{Base: x, Index: first, Scale: 4}, index, v)
	if width == 2 {
		second, high := YMM(), YMM()
		VPERMPS(Mem{Base: x, Index: first, Scale: 4, Disp: 4 * lanes}, index, second)
		VPSLLD(Imm(28), index, high) // the sign of high is the bit of index that is worth 8
		VBLENDVPS(high, second, v, v)
	}
	there := YMM()
	VPCMPGTD(none, index, there)
	VANDPS(there, v, v)
	VMULPS(Mem{Base: weight}, v, v)
	VADDPS(v, sum, sum)
	ADDQ(Imm(4), base)
	ADDQ(Imm(4*lanes), at)
	ADDQ(Imm(4*lanes), weight)
	DECQ(taps)
	JNZ(LabelRef("taps"))
	VMOVUPS(sum, Mem{Base: to})
	ADDQ(Imm(4*lanes), to)
	nextBlock(left, to)
	nextRow(dst, x)
}
