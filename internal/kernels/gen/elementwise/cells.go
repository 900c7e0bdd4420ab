package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
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

func (l lanes) tanhGrad(g, y vec) vec    { return l.mul(g, l.sub(l.all(1), l.mul(y, y))) }
func (l lanes) sigmoidGrad(g, y vec) vec { return l.mul(g, l.mul(y, l.sub(l.all(1), y))) }

// lstmCellGrad returns the results of LSTMCellGrad; t is the tanh of the new cell.
func (l lanes) lstmCellGrad(x []vec, t vec) []vec {
	dh, dc, i, f, g, o, c := x[0], x[1], x[2], x[3], x[4], x[5], x[7]
	do := l.sigmoidGrad(l.mul(dh, t), o)
	dc = l.add(dc, l.tanhGrad(l.mul(dh, o), t))
	return []vec{
		l.sigmoidGrad(l.mul(dc, g), i), l.sigmoidGrad(l.mul(dc, c), f), l.tanhGrad(l.mul(dc, i), g), do, l.mul(dc, f),
	}
}

// The steps of recurrent networks and their derivatives. The formulas are those of package kernels' functions.
var cells = []cell{
	{"lstmCell", "computes one row of LSTMCell.", 5, 7, func(l lanes, x []vec) []vec {
		i, f := l.sigmoid(x[0]), l.sigmoid(x[1])
		g, o := l.tanh(x[2]), l.sigmoid(x[3])
		c := l.add(l.mul(f, x[4]), l.mul(i, g))
		t := l.tanh(c)
		return []vec{i, f, g, o, c, t, l.mul(o, t)}
	}},
	{"lstmCellGrad", "computes one row of LSTMCellGrad.", 8, 5, func(l lanes, x []vec) []vec { return l.lstmCellGrad(x, x[6]) }},
	{"lstmCellTanhGrad", "computes one row of LSTMCellTanhGrad.", 8, 5, func(l lanes, x []vec) []vec {
		return l.lstmCellGrad(x, l.tanh(x[6]))
	}},
	{"gruCell", "computes one row of GRUCell.", 7, 4, func(l lanes, x []vec) []vec {
		r, z := l.sigmoid(l.add(x[0], x[3])), l.sigmoid(l.add(x[1], x[4]))
		n := l.tanh(l.add(x[2], l.mul(r, x[5])))
		return []vec{r, z, n, l.add(n, l.mul(z, l.sub(x[6], n)))}
	}},
	{"gruCellGrad", "computes one row of GRUCellGrad.", 6, 5, func(l lanes, x []vec) []vec {
		dh, r, z, n, b, h := x[0], x[1], x[2], x[3], x[4], x[5]
		keep := l.mul(dh, z)
		dn := l.tanhGrad(l.add(dh, l.xor(keep, l.bits(0x80000000))), n)
		return []vec{
			l.sigmoidGrad(l.mul(dn, b), r), l.sigmoidGrad(l.mul(dh, l.sub(h, n)), z), dn, l.mul(dn, r), keep,
		}
	}},
}
