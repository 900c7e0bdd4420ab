// Command depthwise3 writes the assembly of 3×3 convolutions of planes, for float32 and AVX2. Lines of zeros around a plane are in
// memory; elements before and behind its lines are not: masks of the loads set them to 0.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	lanes = 8         // elements of a register
	vec   = 4 * lanes // bytes of a register
	taps  = 9
)

func main() {
	ConstraintExpr("!noasm")
	sum()
	sumOfSecond()
	spread("planeSpreadEven", false)
	spread("planeSpreadOdd", true)
	weights()
	weightsOfSecond()
	Generate()
}

// factors returns registers of the numbers [from, to) at w, each in all lanes.
func factors(w reg.Register, from, to int) (list []reg.VecVirtual) {
	for k := from; k < to; k++ {
		v := YMM()
		VBROADCASTSS(Mem{Base: w, Disp: 4 * k}, v)
		list = append(list, v)
	}
	return list
}

// A walk goes over the blocks of a plane, and over the lines of each.
type walk struct {
	x, dst     reg.Register // where the block is in the first line
	mask       reg.Register // of the block
	line, to   reg.Register // bytes between lines of x and dst
	rows, left reg.Register
}

// blocks emits body for each block. Block b begins at elements from[2b] of x and from[2b+1] of dst; masks is the number of its masks.
func blocks(masks int, body func(w walk)) {
	w := walk{x: GP64(), dst: GP64(), left: GP64()}
	w.mask, w.rows = Load(Param("mask"), GP64()), Load(Param("rows"), GP64())
	w.line, w.to = Load(Param("line"), GP64()), Load(Param("to"), GP64())
	from := Load(Param("from"), GP64())
	SHLQ(Imm(2), w.line)
	SHLQ(Imm(2), w.to)
	Label("block")
	for i, p := range []struct {
		name string
		at   reg.Register
	}{{"x", w.x}, {"dst", w.dst}} {
		base := Load(Param(p.name), GP64())
		MOVQ(Mem{Base: from, Disp: 8 * i}, p.at)
		LEAQ(Mem{Base: base, Index: p.at, Scale: 4}, p.at)
	}
	MOVQ(w.rows, w.left)
	body(w)
	ADDQ(Imm(16), from)
	ADDQ(U32(uint32(masks*vec)), w.mask)
	left := Load(Param("blocks"), GP64())
	DECQ(left)
	Store(left, Param("blocks"))
	JNZ(LabelRef("block"))
}

// next goes to the next line of dst, lines of x further on, and back to the label unless it was the last one.
func (w walk) next(lines int, label string) {
	for range lines {
		ADDQ(w.line, w.x)
	}
	ADDQ(w.to, w.dst)
	DECQ(w.left)
	JNZ(LabelRef(label))
}

// masks loads the masks [0, n) of the block.
func (w walk) masks(n int) (list []reg.VecVirtual) {
	for i := range n {
		m := YMM()
		VMOVDQU(Mem{Base: w.mask, Disp: i * vec}, m)
		list = append(list, m)
	}
	return list
}

// ReLU or nothing: the larger one of v and the number behind the weights and the bias. NaN stays.
func limit(w reg.Register, v ...reg.VecVirtual) {
	low := YMM()
	VBROADCASTSS(Mem{Base: w, Disp: 4 * (taps + 1)}, low)
	for _, v := range v {
		VMAXPS(v, low, v)
	}
}

const blocksDoc = "The blocks of 8 elements of a line begin at elements from[2b] of x and from[2b+1] of dst; mask has the masks of their loads. " +
	"Lines are line and to elements apart."

// sum writes the convolution with stride 1. Each line of x is read once: it is in three sums.
func sum() {
	TEXT("planeSum", attr.NOSPLIT, "func(dst, x, w *float32, mask *int32, from *int, blocks, rows, line, to int)")
	Doc("planeSum sets rows lines of dst to max(w[10], w[9] + Σ w[3i+j]·x[r+i][c+j]).", blocksDoc+" There is a mask for each j.")
	Pragma("noescape")
	w := Load(Param("w"), GP64())
	k := factors(w, 0, taps)
	bias := Mem{Base: w, Disp: 4 * taps}
	blocks(3, func(p walk) {
		m := p.masks(3)
		sums := []reg.VecVirtual{YMM(), YMM(), YMM()} // of the last lines of the kernel, of the middle ones, of the first ones
		line := func(first int) {
			for j := range 3 {
				v := YMM()
				VMASKMOVPS(Mem{Base: p.x, Disp: 4 * j}, m[j], v)
				for i := first; i < 3; i++ {
					VFMADD231PS(v, k[3*(2-i)+j], sums[i])
				}
			}
		}
		turn := func(from int) {
			for i := from; i < 2; i++ {
				VMOVAPS(sums[i+1], sums[i])
			}
			VBROADCASTSS(bias, sums[2])
		}
		turn(2)
		line(2)
		turn(1)
		ADDQ(p.line, p.x)
		line(1)
		turn(0)
		ADDQ(p.line, p.x)
		Label("line")
		line(0)
		limit(w, sums[0])
		VMOVUPS(sums[0], Mem{Base: p.dst})
		turn(0)
		p.next(1, "line")
	})
	VZEROUPPER()
	RET()
}

// second loads 16 elements, of which every second one is in even and odd in the order 0 2 4 6 of pairs 0 1 4 5 2 3 6 7. The masks are
// those of the halves.
func second(at Mem, mask [2]reg.VecVirtual) (low, high reg.VecVirtual) {
	low, high = YMM(), YMM()
	VMASKMOVPS(at, mask[0], low)
	VMASKMOVPS(at.Offset(vec), mask[1], high)
	return low, high
}

// pairs emits use for the elements that each tap of a line meets with stride 2. Their order is that of VSHUFPS: 0 1 4 5 2 3 6 7.
func pairs(p walk, m []reg.VecVirtual, use func(j int, v reg.VecVirtual)) {
	low, high := second(Mem{Base: p.x}, [2]reg.VecVirtual(m))
	v := YMM()
	VSHUFPS(Imm(0x88), high, low, v)
	use(0, v)
	VSHUFPS(Imm(0xDD), high, low, low)
	use(1, low)
	low, high = YMM(), YMM()
	VMOVDQU(Mem{Base: p.mask, Disp: 2 * vec}, low)
	VMASKMOVPS(Mem{Base: p.x, Disp: 8}, low, low)
	VMOVDQU(Mem{Base: p.mask, Disp: 3 * vec}, high)
	VMASKMOVPS(Mem{Base: p.x, Disp: 8 + vec}, high, high)
	VSHUFPS(Imm(0x88), high, low, low)
	use(2, low)
}

// sumOfSecond writes the convolution with stride 2.
func sumOfSecond() {
	TEXT("planeSumSecond", attr.NOSPLIT, "func(dst, x, w *float32, mask *int32, from *int, blocks, rows, line, to int)")
	Doc("planeSumSecond sets rows lines of dst to max(w[10], w[9] + Σ w[3i+j]·x[2r+i][2c+j]).",
		blocksDoc+" There are masks of 16 elements from 2c on, and from 2c+2 on.")
	Pragma("noescape")
	w := Load(Param("w"), GP64())
	k := factors(w, 0, taps)
	blocks(4, func(p walk) {
		m := p.masks(2)
		Label("line")
		sum := YMM()
		VBROADCASTSS(Mem{Base: w, Disp: 4 * taps}, sum)
		for i := range 3 {
			pairs(p, m, func(j int, v reg.VecVirtual) { VFMADD231PS(v, k[3*i+j], sum) })
			if i < 2 {
				ADDQ(p.line, p.x)
			}
		}
		VPERMPD(Imm(0xD8), sum, sum)
		limit(w, sum)
		VMOVUPS(sum, Mem{Base: p.dst})
		p.next(0, "line")
	})
	VZEROUPPER()
	RET()
}
