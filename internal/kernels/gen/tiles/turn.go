package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A side is one of the two matrices of a transposition. It has eight rows; blocks of columns are step bytes apart.
type side struct {
	name              string
	near, far         reg.GPVirtual // the first row and the fifth
	row, triple, step reg.GPVirtual // step is the stride between blocks
}

// newSide loads the side's parameters. block is the number of elements of a block, 4 or 8.
func newSide(name string, block uint8) side {
	s := side{name, GP64(), GP64(), GP64(), GP64(), GP64()}
	Load(Param(name), s.near)
	Load(Param(name+"Row"), s.row)
	LEAQ(Mem{Base: s.row, Index: s.row, Scale: 2}, s.triple)
	Load(Param(name+"Step"), s.step)
	SHLQ(Imm(map[uint8]uint64{4: 2, 8: 3}[block]), s.step)
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

// turns writes the functions that transpose lines, in blocks of eight elements or, for short lines, of four.
func turns() {
	turn("tileTurn", "transposes lines of n ≥ 8 elements, in eight rows: vectors of eight are Row bytes apart, elements Step, lines Line.", 8, transpose)
	turn("tileTurnIn", "is tileTurn for 4 ≤ n < 8. In src, the elements of a row are contiguous.", 4, func(dst, src side) {
		for i, r := range across(halves(src, 0)) {
			VMOVUPS(r, dst.at(i, 0))
		}
	})
	turn("tileTurnOut", "is tileTurnIn back. In src, the rows of an element are contiguous.", 4, func(dst, src side) {
		var elements [4]reg.VecVirtual
		for i := range elements {
			elements[i] = YMM()
			VMOVUPS(src.at(i, 0), elements[i])
		}
		for i, r := range across(elements) {
			VMOVUPS(r.AsX(), dst.at(i, 0))
			VEXTRACTF128(Imm(1), r, dst.at(i+4, 0))
		}
	})
}

// turn writes a function that transposes lines, a block of the given number of elements at a time.
func turn(name, doc string, block uint8, transpose func(dst, src side)) {
	begin(name, "func(dst, src *float32, dstRow, srcRow, dstStep, srcStep, dstLine, srcLine, n, lines int)", doc)
	dst, src := newSide("dst", block), newSide("src", block)
	sides := []side{dst, src}
	n, by := GP64(), GP64()
	line, top, end := name+"Line", name+"Block", name+"End"
	Label(line)
	Load(Param("n"), n)
	Label(top)
	for _, s := range sides {
		LEAQ(Mem{Base: s.near, Index: s.row, Scale: 4}, s.far)
	}
	transpose(dst, src)
	for _, s := range sides {
		ADDQ(s.step, s.near)
	}
	SUBQ(Imm(uint64(block)), n)
	JZ(LabelRef(end))
	CMPQ(n, Imm(uint64(block)))
	JGE(LabelRef(top))
	Comment("The last block overlaps the one before.")
	for _, s := range sides {
		LEAQ(Mem{Base: n, Disp: -int(block)}, by)
		IMULQ(NewParamAddr(s.name+"Step", map[string]int{"dst": 32, "src": 40}[s.name]), by)
		ADDQ(by, s.near)
	}
	MOVQ(U64(block), n)
	JMP(LabelRef(top))
	Label(end)
	for _, s := range sides {
		Load(Param(s.name), s.near)
		Load(Param(s.name+"Line"), by)
		ADDQ(by, s.near)
		Store(s.near, Param(s.name))
	}
	Load(Param("lines"), by)
	DECQ(by)
	Store(by, Param("lines"))
	JNZ(LabelRef(line))
	VZEROUPPER()
	RET()
}

// transpose transposes eight by eight elements.
func transpose(dst, src side) {
	for half := range 2 {
		for i, r := range across(halves(src, half)) {
			VMOVUPS(r, dst.at(4*half+i, 0))
		}
	}
}

// halves loads half of each of eight rows. The halves of a register hold those of two rows, four apart, so that shuffles need not cross
// them.
func halves(src side, half int) (rows [4]reg.VecVirtual) {
	for i := range rows {
		rows[i] = YMM()
		VMOVUPS(src.at(i, 16*half), rows[i].AsX())
		VINSERTF128(Imm(1), src.at(i+4, 16*half), rows[i], rows[i])
	}
	return rows
}

// across transposes four by four elements in each half of the registers.
func across(rows [4]reg.VecVirtual) (result [4]reg.VecVirtual) {
	var pairs [4]reg.VecVirtual
	for i := range pairs {
		pairs[i] = YMM()
		if i%2 == 0 {
			VUNPCKLPS(rows[i+1], rows[i], pairs[i])
		} else {
			VUNPCKHPS(rows[i], rows[i-1], pairs[i])
		}
	}
	for i := range result {
		result[i] = YMM()
		if i%2 == 0 {
			VUNPCKLPD(pairs[2+i/2], pairs[i/2], result[i])
		} else {
			VUNPCKHPD(pairs[2+i/2], pairs[i/2], result[i])
		}
	}
	return result
}
