package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A matrix addresses the elements of a small matrix in memory. The elements of a row are step bytes apart; each row has its
// own pointer.
type matrix struct {
	rows         []reg.GPVirtual
	step, triple reg.GPVirtual // the stride between columns and, if there are more than three, three times that
}

// newMatrix returns a matrix without pointers. step is a parameter of the function.
func newMatrix(rows, cols int, step string) (m matrix) {
	for range rows {
		m.rows = append(m.rows, GP64())
	}
	m.step = GP64()
	Load(Param(step), m.step)
	if cols > 3 {
		m.triple = GP64()
		LEAQ(Mem{Base: m.step, Index: m.step, Scale: 2}, m.triple)
	}
	return m
}

// place sets the pointers: the first to a parameter plus an offset, and each other to the one before plus row, which is a
// parameter or, if empty, four columns.
func (m matrix) place(base string, offset reg.GPVirtual, row string) {
	Load(Param(base), m.rows[0])
	ADDQ(offset, m.rows[0])
	for i, p := range m.rows[1:] {
		if row == "" {
			LEAQ(Mem{Base: m.rows[i], Index: m.step, Scale: 4}, p)
		} else {
			Load(Param(row), p)
			ADDQ(m.rows[i], p)
		}
	}
}

// at returns the memory of an element.
func (m matrix) at(i, j int) Mem {
	at := Mem{Base: m.rows[i]}
	switch j {
	case 1, 2:
		at.Index, at.Scale = m.step, uint8(j)
	case 3:
		at.Index, at.Scale = m.triple, 1
	}
	return at
}

// move moves the pointers by times·by; times is 1, 2, 4 or 8.
func (m matrix) move(by reg.GPVirtual, times int) {
	for _, p := range m.rows {
		if times == 1 {
			ADDQ(by, p)
		} else {
			LEAQ(Mem{Base: p, Index: by, Scale: uint8(times)}, p)
		}
	}
}

// loops emits body in a loop over the tiles, inside a loop over groups of eight channels. head comes before the tiles and
// gets the offset of the channels; end comes after all.
func loops(head func(offset reg.GPVirtual), body, end func()) {
	offset, tiles := GP64(), GP64()
	Load(Param("vectors"), offset)
	DECQ(offset)
	SHLQ(Imm(5), offset)
	Label("channels")
	head(offset)
	Load(Param("tiles"), tiles)
	Label("tile")
	body()
	DECQ(tiles)
	JNZ(LabelRef("tile"))
	SUBQ(Imm(32), offset)
	JGE(LabelRef("channels"))
	end()
	VZEROUPPER()
	RET()
}
