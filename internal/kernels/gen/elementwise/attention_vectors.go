package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A vectorLoop runs over the elements of vectors of n elements, and selects those of the last block.
type vectorLoop struct {
	lanes
	i, n, last reg.Register
	part       mask // of the last block
}

// vectors sets up a loop over vectors of n elements.
func (l lanes) vectors() *vectorLoop {
	v := &vectorLoop{lanes: l.by(block / l.count()), i: GP64(), n: Load(Param("n"), GP64()), last: GP64()}
	rest := GP64()
	LEAQ(Mem{Base: v.n, Disp: -1}, v.last)
	ANDQ(I32(-block), v.last) // where the last block begins, of 1 to 16 elements
	MOVQ(v.n, rest)
	SUBQ(v.last, rest)
	v.part = v.tail(rest)
	return v
}

// each runs f on all elements; t is nil for a whole block.
func (v *vectorLoop) each(f func(t mask)) {
	top, last := label("loop"), label("last")
	XORQ(v.i, v.i)
	CMPQ(v.i, v.last)
	JGE(LabelRef(last))
	Label(top)
	f(nil)
	ADDQ(Imm(block), v.i)
	CMPQ(v.i, v.last)
	JL(LabelRef(top))
	Label(last)
	f(v.part)
}

// at returns the elements of the vector at p.
func (v *vectorLoop) at(p reg.Register) []Mem { return v.lanes.at(Mem{Base: p, Index: v.i, Scale: 4}) }

func (v *vectorLoop) get(t mask, p reg.Register) vec {
	if t == nil {
		return v.load(v.at(p))
	}
	return v.loadPart(t, v.at(p))
}

func (v *vectorLoop) put(t mask, x vec, p reg.Register) {
	if t == nil {
		v.store(x, v.at(p))
	} else {
		v.storePart(t, x, v.at(p))
	}
}

func emitScaleRows(l lanes) {
	begin("scaleRows"+l.suffix(), "multiplies each of rows > 0 vectors of n > 0 elements by the second of its stats.", "func(x *float32, stride, rows, n int, stats *float32)")
	x, stats := Load(Param("x"), GP64()), Load(Param("stats"), GP64())
	stride, rows := Load(Param("stride"), GP64()), Load(Param("rows"), GP64())
	SHLQ(Imm(2), stride)
	v, row := l.vectors(), label("row")
	Label(row)
	f := v.single()
	VBROADCASTSS(Mem{Base: stats, Disp: 4}, f)
	v.each(func(t mask) { v.put(t, v.mul(v.get(t, x), v.same(f)), x) })
	ADDQ(stride, x)
	ADDQ(Imm(8), stats)
	DECQ(rows)
	JNE(LabelRef(row))
	VZEROUPPER()
	RET()
}

func emitScaleDotRows(l lanes) {
	begin("scaleDotRows"+l.suffix(), "sets each of rows > 0 vectors of n > 0 elements of dst, without gaps, to that of x times the second of its stats, and dots to its product with that of y.",
		"func(dst, x, y *float32, xStride, yStride, rows, n int, stats, dots *float32)")
	dst, x, y := Load(Param("dst"), GP64()), Load(Param("x"), GP64()), Load(Param("y"), GP64())
	stats, dots := Load(Param("stats"), GP64()), Load(Param("dots"), GP64())
	xStride, yStride, rows := Load(Param("xStride"), GP64()), Load(Param("yStride"), GP64()), Load(Param("rows"), GP64())
	SHLQ(Imm(2), xStride)
	SHLQ(Imm(2), yStride)
	v, row := l.vectors(), label("row")
	Label(row)
	f := v.single()
	VBROADCASTSS(Mem{Base: stats, Disp: 4}, f)
	total := v.reg()
	for _, r := range total {
		VXORPS(r, r, r)
	}
	v.each(func(t mask) {
		d := v.mul(v.get(t, x), v.same(f))
		v.put(t, d, dst)
		for j, r := range v.get(t, y) {
			VFMADD231PS(r, d[j], total[j])
		}
	})
	one := v.by(1)
	sum := total[:1]
	for j := 1; j < len(total); j++ {
		sum = one.add(sum, total[j:j+1])
	}
	sum = one.foldBy(func(l lanes, a, b vec) vec { return l.add(a, b) }, sum)
	VMOVSS(sum[0].AsX(), Mem{Base: dots})
	LEAQ(Mem{Base: dst, Index: v.n, Scale: 4}, dst)
	ADDQ(xStride, x)
	ADDQ(yStride, y)
	ADDQ(Imm(8), stats)
	ADDQ(Imm(4), dots)
	DECQ(rows)
	JNE(LabelRef(row))
	VZEROUPPER()
	RET()
}
