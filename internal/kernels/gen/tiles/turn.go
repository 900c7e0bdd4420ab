package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A side is one of the two matrices of a transposition. It has eight rows; blocks of eight columns are step bytes apart.
type side struct {
	name              string
	near, far         reg.GPVirtual // the first row and the fifth
	row, triple, step reg.GPVirtual // step is the stride between blocks
}

// newSide loads the side's parameters.
func newSide(name string) side {
	s := side{name, GP64(), GP64(), GP64(), GP64(), GP64()}
	Load(Param(name), s.near)
	Load(Param(name+"Row"), s.row)
	LEAQ(Mem{Base: s.row, Index: s.row, Scale: 2}, s.triple)
	Load(Param(name+"Step"), s.step)
	SHLQ(Imm(3), s.step)
	return s
}

// at returns the memory of row i, disp bytes after its beginning.
func (s side) at(i, disp int) Mem {
	m := Mem{Base: s.near, Disp: disp}
	if i >= 4 {
		m.Base = s.far
	}
	switch i % 4 {
	case 1, 2:
		m.Index, m.Scale = s.row, uint8(i%4)
	case 3:
		m.Index, m.Scale = s.triple, 1
	}
	return m
}

// turn writes the function that transposes lines.
func turn() {
	begin("tileTurn", "func(dst, src *float32, dstRow, srcRow, dstStep, srcStep, dstLine, srcLine, n, lines int)",
		"transposes lines of n ≥ 8 elements, in eight rows: vectors of eight are Row bytes apart, elements Step, lines Line.")
	dst, src := newSide("dst"), newSide("src")
	sides := []side{dst, src}
	n, by := GP64(), GP64()
	Label("line")
	Load(Param("n"), n)
	Label("block")
	for _, s := range sides {
		LEAQ(Mem{Base: s.near, Index: s.row, Scale: 4}, s.far)
	}
	transpose(dst, src)
	for _, s := range sides {
		ADDQ(s.step, s.near)
	}
	SUBQ(Imm(8), n)
	JZ(LabelRef("lineEnd"))
	CMPQ(n, Imm(8))
	JGE(LabelRef("block"))
	Comment("The last block overlaps the one before.")
	for _, s := range sides {
		LEAQ(Mem{Base: n, Disp: -8}, by)
		IMULQ(NewParamAddr(s.name+"Step", map[string]int{"dst": 32, "src": 40}[s.name]), by)
		ADDQ(by, s.near)
	}
	MOVQ(U64(8), n)
	JMP(LabelRef("block"))
	Label("lineEnd")
	for _, s := range sides {
		Load(Param(s.name), s.near)
		Load(Param(s.name+"Line"), by)
		ADDQ(by, s.near)
		Store(s.near, Param(s.name))
	}
	Load(Param("lines"), by)
	DECQ(by)
	Store(by, Param("lines"))
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// transpose transposes eight by eight elements. The halves of each loaded register hold halves of two rows, so that the
// shuffles need not cross them.
func transpose(dst, src side) {
	for half := range 2 {
		var rows [4]reg.VecVirtual
		for i := range rows {
			rows[i] = YMM()
			VMOVUPS(src.at(i, 16*half), rows[i].AsX())
			VINSERTF128(Imm(1), src.at(i+4, 16*half), rows[i], rows[i])
		}
		var pairs [4]reg.VecVirtual
		for i := range pairs {
			pairs[i] = YMM()
			if i%2 == 0 {
				VUNPCKLPS(rows[i+1], rows[i], pairs[i])
			} else {
				VUNPCKHPS(rows[i], rows[i-1], pairs[i])
			}
		}
		for i := range 4 {
			r := YMM()
			if i%2 == 0 {
				VUNPCKLPD(pairs[2+i/2], pairs[i/2], r)
			} else {
				VUNPCKHPD(pairs[2+i/2], pairs[i/2], r)
			}
			VMOVUPS(r, dst.at(4*half+i, 0))
		}
	}
}
