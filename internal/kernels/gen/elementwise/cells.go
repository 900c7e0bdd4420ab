package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/nndiy/nndiy/internal/kernels/gen/formulas"
)

// A cell is a kernel with many inputs and results, whose addresses are in an array: the inputs come first.
type cell struct {
	name, doc string
	in, out   int
	f         func(l lanes, x []vec) []vec
}

// emit writes the cell for both widths.
func (c cell) emit() {
	for _, l := range both {
		begin(c.name+l.suffix(), c.doc, "func(v **float32, n int)")
		v, n, i := Load(Param("v"), GP64()), Load(Param("n"), GP64()), GP64()
		XORQ(i, i)
		at := func(k int) Mem {
			p := GP64()
			MOVQ(Mem{Base: v, Disp: 8 * k}, p)
			return Mem{Base: p, Index: i, Scale: 4}
		}
		c.emitLoop(l, n, i, at)
		VZEROUPPER()
		RET()
	}
}

func (c cell) emitLoop(l lanes, n, i reg.Register, at func(k int) Mem) {
	run := func(l lanes, load func(Mem) vec, store func(vec, []Mem)) {
		var x []vec
		for k := range c.in {
			x = append(x, load(at(k)))
		}
		for k, y := range c.f(l, x) {
			store(y, l.at(at(c.in+k)))
		}
	}
	end := label("end")
	loop := func(l lanes) {
		step := Imm(uint64(l.n * l.count()))
		top, done := label("loop"), label("done")
		SUBQ(step, n)
		JLT(LabelRef(done))
		Label(top)
		run(l, func(m Mem) vec { return l.load(l.at(m)) }, l.store)
		ADDQ(step, i)
		SUBQ(step, n)
		JGE(LabelRef(top))
		Label(done)
		ADDQ(step, n)
	}
	if l.wide { // which has enough registers
		loop(l.by(2))
	}
	loop(l)
	JE(LabelRef(end))
	t := l.tail(n)
	run(l, func(m Mem) vec { return l.loadPart(t, l.at(m)) }, func(y vec, m []Mem) { l.storePart(t, y, m) })
	Label(end)
}

// emitCells writes the steps of recurrent networks and their derivatives.
func emitCells() {
	for _, c := range formulas.Cells[operand, mask]() {
		cell{c.Name, c.Doc, c.In, c.Out, func(l lanes, x []vec) (y []vec) {
			var in []operand
			for _, v := range x {
				in = append(in, v)
			}
			for _, v := range c.F(machine{l}, in) {
				y = append(y, v.(vec))
			}
			return y
		}}.emit()
	}
}
