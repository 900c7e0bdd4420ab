package main

import (
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

var numberTable *Mem

// laneNumbers returns the numbers of the lanes of a register.
func laneNumbers() Mem {
	if numberTable == nil {
		m := GLOBL("laneNumbers", attr.RODATA|attr.NOPTR)
		for i := range 8 {
			DATA(4*i, U32(i))
		}
		numberTable = &m
	}
	return *numberTable
}

// all returns a register with a word in each lane.
func all(word uint32) reg.VecVirtual {
	g, r := GP32(), YMM()
	MOVL(U32(word), g)
	VMOVD(g, r.AsX())
	VPBROADCASTD(r.AsX(), r)
	return r
}

// broadcast returns a register with the low half of g in each lane.
func broadcast(g reg.GPVirtual) reg.VecVirtual {
	r := YMM()
	VMOVD(g.As32(), r.AsX())
	VPBROADCASTD(r.AsX(), r)
	return r
}

// folded combines all lanes of m; the result is in each lane.
func folded(m reg.VecVirtual, f func(a, b Op) reg.VecVirtual) reg.VecVirtual {
	swapped := YMM()
	VPERM2F128(Imm(1), m, m, swapped)
	m = f(m, swapped)
	for _, order := range []uint64{0x4e, 0xb1} {
		swapped := YMM()
		VPERMILPS(Imm(order), m, swapped)
		m = f(m, swapped)
	}
	return m
}

func maximum(a, b Op) reg.VecVirtual { return wide(true).maximum(a, b) }

func smaller(a, b Op) reg.VecVirtual {
	r := YMM()
	VPMINSD(a, b, r)
	return r
}

// windows writes a function for windows of any number of adjacent rows and columns: their largest elements, or if first is set the
// indices of the first largest ones. Each lane has every eighth column of a window.
func windows(name string, first bool, doc string) {
	result := map[bool]string{false: "float32", true: "int32"}[first]
	TEXT(name, attr.NOSPLIT, "func(dst *"+result+", x *float32, y, x0 *int, countY, countX, width int)")
	Doc(name+" "+doc, "y has two numbers for each of countY rows of windows, how many rows of x a window has and the first of them; x0 has the same of",
		"columns. No window is empty. A row of x has width elements.")
	Pragma("noescape")
	dst, x, y, width := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("y"), GP64()), Load(Param("width"), GP64())
	numbers, lowest := YMM(), all(math.Float32bits(float32(math.Inf(-1))))
	VMOVDQU(laneNumbers(), numbers)
	var most, eight, stride reg.VecVirtual
	if first {
		most, eight, stride = all(math.MaxInt32), all(8), broadcast(width.(reg.GPVirtual))
	}
	Label("row")
	top := GP64()
	MOVQ(Mem{Base: y, Disp: 8}, top)
	IMULQ(width, top)
	spans, left := Load(Param("x0"), GP64()), Load(Param("countX"), GP64())
	Label("window")
	rows, columns, at, p := GP64(), GP64(), GP64(), GP64()
	MOVQ(Mem{Base: y}, rows)
	MOVQ(Mem{Base: spans}, columns)
	MOVQ(Mem{Base: spans, Disp: 8}, at)
	ADDQ(top, at)
	LEAQ(Mem{Base: x, Index: at, Scale: 4}, p)
	m, nan, mask := YMM(), zero(), YMM()
	VMOVAPS(lowest, m)
	place, line := YMM(), YMM() // the indices of the lanes' largest elements, and those of the current row
	if first {
		VPADDD(numbers, broadcast(at), line)
		VPCMPGTD(numbers, broadcast(columns), mask)
		VBLENDVPS(mask, line, most, place)
	}
	chunks := GP64() // of eight columns, before the last one
	DECQ(columns)
	MOVQ(columns, chunks)
	SHRQ(Imm(3), chunks)
	ANDQ(Imm(7), columns)
	INCQ(columns)
	VPCMPGTD(numbers, broadcast(columns), mask)
	Label("line")
	v, q, c, index := YMM(), GP64(), GP64(), YMM()
	MOVQ(p, q)
	if first {
		VMOVAPS(line, index)
	}
	extend := func() {
		VORPS(wide(true).compare(unordered, v, v), nan, nan)
		if !first {
			VMOVAPS(wide(true).both(and, wide(true).both(larger, v, m), wide(true).both(larger, m, v)), m)
			return
		}
		more := wide(true).compare(greater, v, m)
		VMAXPS(m, v, m)
		VBLENDVPS(more, index, place, place)
	}
	MOVQ(chunks, c)
	TESTQ(c, c)
	JZ(LabelRef("last"))
	Label("chunk")
	VMOVUPS(Mem{Base: q}, v)
	extend()
	if first {
		VPADDD(eight, index, index)
	}
	ADDQ(Imm(32), q)
	DECQ(c)
	JNZ(LabelRef("chunk"))
	Label("last")
	VMASKMOVPS(Mem{Base: q}, mask, v)
	VBLENDVPS(mask, v, lowest, v)
	extend()
	LEAQ(Mem{Base: p, Index: width, Scale: 4}, p)
	if first {
		VPADDD(stride, line, line)
	}
	DECQ(rows)
	JNZ(LabelRef("line"))
	bad := GP32()
	VMOVMSKPS(nan, bad)
	if first {
		largest := folded(m, func(a, b Op) reg.VecVirtual { return wide(true).both(larger, a, b) })
		VBLENDVPS(wide(true).compare(equal, m, largest), place, most, place)
		index := GP32()
		VMOVD(folded(place, smaller).AsX(), index)
		none := GP32()
		MOVL(I32(-1), none)
		TESTL(bad, bad)
		CMOVLNE(none, index)
		MOVL(index, Mem{Base: dst})
	} else {
		number := GP32()
		VMOVD(folded(m, maximum).AsX(), number)
		none := GP32()
		MOVL(U32(math.Float32bits(float32(math.NaN()))), none)
		TESTL(bad, bad)
		CMOVLNE(none, number)
		MOVL(number, Mem{Base: dst})
	}
	ADDQ(Imm(4), dst)
	ADDQ(Imm(16), spans)
	DECQ(left)
	JNZ(LabelRef("window"))
	ADDQ(Imm(16), y)
	count := Load(Param("countY"), GP64())
	DECQ(count)
	Store(count, Param("countY"))
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

func zero() reg.VecVirtual {
	r := YMM()
	VXORPS(r, r, r)
	return r
}
