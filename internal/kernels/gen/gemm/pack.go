package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// copyRows writes a function that copies rows of the given number of bytes, from srcRow bytes apart to dstRow bytes apart.
func copyRows(bytes int) {
	TEXT(fmt.Sprint("copyRows", bytes), attr.NOSPLIT, "func(dst, src *byte, srcRow, dstRow, rows int)")
	dst, src, srcRow, dstRow, rows := GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("srcRow"), srcRow)
	Load(Param("dstRow"), dstRow)
	Load(Param("rows"), rows)
	Label("loop")
	for at := 0; at < bytes; {
		from, to := Mem{Base: src, Disp: at}, Mem{Base: dst, Disp: at}
		switch left := bytes - at; {
		case left >= 32:
			r := YMM()
			VMOVUPS(from, r)
			VMOVUPS(r, to)
			at += 32
		case left >= 16:
			r := XMM()
			VMOVUPS(from, r)
			VMOVUPS(r, to)
			at += 16
		default:
			r := GP64()
			MOVQ(from, r)
			MOVQ(r, to)
			at += 8
		}
	}
	ADDQ(srcRow, src)
	ADDQ(dstRow, dst)
	DECQ(rows)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// copyAnyRows writes copyRows for any number of bytes from 4 on. What is left of a row is copied by a register that overlaps the one before.
func copyAnyRows() {
	TEXT("copyRowsAny", attr.NOSPLIT, "func(dst, src *byte, srcRow, dstRow, bytes, rows int)")
	dst, src, srcRow, dstRow, bytes, rows := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("srcRow"), srcRow)
	Load(Param("dstRow"), dstRow)
	Load(Param("bytes"), bytes)
	Load(Param("rows"), rows)
	for _, size := range []int{32, 16, 8, 4} {
		loop, block, next := fmt.Sprint("loop", size), fmt.Sprint("block", size), fmt.Sprint("below", size)
		word := func(from, to Mem) {
			switch size {
			case 32:
				r := YMM()
				VMOVUPS(from, r)
				VMOVUPS(r, to)
			case 16:
				r := XMM()
				VMOVUPS(from, r)
				VMOVUPS(r, to)
			case 8:
				r := GP64()
				MOVQ(from, r)
				MOVQ(r, to)
			default:
				r := GP32()
				MOVL(from, r)
				MOVL(r, to)
			}
		}
		if size > 4 {
			CMPQ(bytes, U32(uint32(size)))
			JL(LabelRef(next))
		}
		last := GP64()
		LEAQ(Mem{Base: bytes, Disp: -size}, last)
		Label(loop)
		if size == 32 {
			at := GP64()
			XORQ(at, at)
			CMPQ(at, last)
			JE(LabelRef("last"))
			Label(block)
			word(Mem{Base: src, Index: at, Scale: 1}, Mem{Base: dst, Index: at, Scale: 1})
			ADDQ(U32(32), at)
			CMPQ(at, last)
			JL(LabelRef(block))
			Label("last")
		} else {
			word(Mem{Base: src}, Mem{Base: dst})
		}
		word(Mem{Base: src, Index: last, Scale: 1}, Mem{Base: dst, Index: last, Scale: 1})
		ADDQ(srcRow, src)
		ADDQ(dstRow, dst)
		DECQ(rows)
		JNZ(LabelRef(loop))
		VZEROUPPER()
		RET()
		if size > 4 {
			Label(next)
		}
	}
}

// transpose writes a function that transposes blocks of n × n elements, 8 or 4. The blocks are side by side in the source
// and one below the other in the destination.
func (f form) transpose(n int) {
	TEXT(fmt.Sprintf("transposeF%dx%d", 8*f.size, n), attr.NOSPLIT, "func(dst, src *byte, srcRow, dstRow, blocks int)")
	dst, src, srcRow, dstRow, blocks := GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("srcRow"), srcRow)
	Load(Param("dstRow"), dstRow)
	Load(Param("blocks"), blocks)
	from, to := matrix{src, GP64(), srcRow, GP64()}, matrix{dst, GP64(), dstRow, GP64()}
	from.start()
	to.start()
	Label("loop")
	from.next()
	to.next()
	// The halves of each register of in hold halves of two rows, so that the shuffles need not cross them.
	in, out := f.reg[:n], f.reg[8:8+n]
	if n*f.size == 16 {
		for i := range in {
			VMOVUPS(from.row(i, 0), in[i].AsX())
		}
		quads(asX(in), asX(f.reg[4:8]), asX(out))
	} else {
		for i := range in {
			lo, half := i%(n/2), i/(n/2)*16
			VMOVUPS(from.row(lo, half), in[i].AsX())
			VINSERTF128(Imm(1), from.row(lo+n/2, half), in[i], in[i])
		}
		if n == 8 {
			quads(in[:4], out[4:], out[:4])
			quads(in[4:], in[:4], out[4:])
		} else {
			for h := 0; h < 4; h += 2 {
				VUNPCKLPD(in[h+1], in[h], out[h])
				VUNPCKHPD(in[h+1], in[h], out[h+1])
			}
		}
	}
	for i, r := range out {
		if n*f.size == 16 {
			r = r.AsX().(reg.VecPhysical)
		}
		VMOVUPS(r, to.row(i, 0))
	}
	ADDQ(U32(uint32(n*f.size)), src)
	LEAQ(Mem{Base: dst, Index: dstRow, Scale: uint8(n)}, dst)
	DECQ(blocks)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// A matrix holds the registers that address up to eight rows.
type matrix struct {
	base, far   reg.GPVirtual // the first row and the fifth
	step, step3 reg.GPVirtual // the stride between rows, and three times that
}

// start computes three times the stride.
func (m matrix) start() { LEAQ(Mem{Base: m.step, Index: m.step, Scale: 2}, m.step3) }

// next computes the address of the fifth row from the first.
func (m matrix) next() { LEAQ(Mem{Base: m.base, Index: m.step, Scale: 4}, m.far) }

// row returns the memory disp bytes after the beginning of row i.
func (m matrix) row(i, disp int) Mem {
	at := Mem{Base: m.base, Disp: disp}
	if i >= 4 {
		at.Base = m.far
	}
	switch i % 4 {
	case 1, 2:
		at.Index, at.Scale = m.step, uint8(i%4)
	case 3:
		at.Index, at.Scale = m.step3, 1
	}
	return at
}

// asX returns the lowest 128 bits of registers.
func asX(rs []reg.VecPhysical) (out []reg.VecPhysical) {
	for _, r := range rs {
		out = append(out, r.AsX().(reg.VecPhysical))
	}
	return out
}

// quads transposes the 4 × 4 float32 in each 16 bytes of the registers of in, by way of tmp, to out.
func quads(in, tmp, out []reg.VecPhysical) {
	VUNPCKLPS(in[1], in[0], tmp[0])
	VUNPCKHPS(in[1], in[0], tmp[1])
	VUNPCKLPS(in[3], in[2], tmp[2])
	VUNPCKHPS(in[3], in[2], tmp[3])
	VUNPCKLPD(tmp[2], tmp[0], out[0])
	VUNPCKHPD(tmp[2], tmp[0], out[1])
	VUNPCKLPD(tmp[3], tmp[1], out[2])
	VUNPCKHPD(tmp[3], tmp[1], out[3])
}
