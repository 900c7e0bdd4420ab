package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// strip is the number of columns added up together, sumCols of package kernels.
const strip = 32

// emitColumns writes two kernels that add column j to dst[j] in double precision, from the first row to the last: one for 32 columns, and one for at most the columns that a register holds.
func emitColumns() {
	for _, l := range both {
		l.by(strip/l.count()).columns("colSumStrip", "adds 32 columns to dst.", false)
		l.columns("colSumPart", "adds n columns to dst, at most those of a register of float32; it always writes a register's.", true)
	}
}

func (l lanes) columns(name, doc string, part bool) {
	params := "dst *float64, x *float32, rows int, stride int"
	if part {
		params += ", n int"
	}
	begin(name+l.suffix(), doc, "func("+params+")")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	rows, stride := Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	load := func() vec { return l.load(l.at(Mem{Base: x})) }
	if part {
		t := l.tail(Load(Param("n"), GP64()))
		load = func() vec { return l.loadPart(t, l.at(Mem{Base: x})) }
	}
	lane := l.by(2 * l.n).load(l.by(2 * l.n).at(Mem{Base: dst}))
	top, end := label("loop"), label("end")
	TESTQ(rows, rows)
	JE(LabelRef(end))
	Label(top)
	sum{}.accumulate(l, lane, nil, load())
	LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
	DECQ(rows)
	JNE(LabelRef(top))
	Label(end)
	l.store(lane, l.by(len(lane)).at(Mem{Base: dst}))
	VZEROUPPER()
	RET()
}
