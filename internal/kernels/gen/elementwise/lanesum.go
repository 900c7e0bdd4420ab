package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A laneSum is a kernel with one or more functions of an element of each slice and of a scalar. It adds each function's
// values to 16 interleaved partial sums of float32; element i is added to lane i mod 16.
type laneSum struct {
	name   string
	doc    string
	slices []string
	scalar string // its name, or empty
	sums   int
	f      func(l lanes, x []vec, c vec) []vec
}

func (s laneSum) emit() {
	for _, l := range both {
		params := fmt.Sprintf("lanes, %s *float32, n int", strings.Join(s.slices, ", "))
		if s.scalar != "" {
			params += ", " + s.scalar + " float32"
		}
		begin(s.name+l.suffix(), s.doc, "func("+params+")")
		s.emitFor(l.by(block / l.count()))
		VZEROUPPER()
		RET()
	}
}

func (s laneSum) emitFor(l lanes) {
	sums := Load(Param("lanes"), GP64())
	ptr := pointers(s.slices)
	n := Load(Param("n"), GP64())
	i := GP64()
	XORQ(i, i)
	var c vec
	if s.scalar != "" {
		c = l.same(l.scalar(s.scalar))
	}
	lane := make([]vec, s.sums)
	for k := range lane {
		lane[k] = l.load(l.at(Mem{Base: sums, Disp: 4 * block * k}))
	}
	at := func(p reg.Register) []Mem { return l.at(Mem{Base: p, Index: i, Scale: 4}) }
	add := func(load func(m []Mem) vec, keep func(y vec) vec) {
		var x []vec
		for _, p := range ptr {
			x = append(x, load(at(p)))
		}
		for k, y := range s.f(l, x, c) {
			for j, r := range keep(y) {
				VADDPS(r, lane[k][j], lane[k][j])
			}
		}
	}
	top, done, end := label("loop"), label("done"), label("end")
	SUBQ(Imm(block), n)
	JLT(LabelRef(done))
	Label(top)
	add(func(m []Mem) vec { return l.load(m) }, func(y vec) vec { return y })
	ADDQ(Imm(block), i)
	SUBQ(Imm(block), n)
	JGE(LabelRef(top))
	Label(done)
	ADDQ(Imm(block), n)
	JE(LabelRef(end))
	t := l.tail(n)
	add(func(m []Mem) vec { return l.loadPart(t, m) }, func(y vec) vec { return l.keep(t, y) })
	Label(end)
	for k, v := range lane {
		l.store(v, l.at(Mem{Base: sums, Disp: 4 * block * k}))
	}
}

var laneSums = []laneSum{
	{"laneSum", "adds x to the lanes.", []string{"x"}, "", 1, func(_ lanes, x []vec, _ vec) []vec { return x }},
	{"laneSquares", "adds (x-mean)² to the lanes.", []string{"x"}, "mean", 1, func(l lanes, x []vec, mean vec) []vec {
		d := l.sub(x[0], mean)
		return []vec{l.mul(d, d)}
	}},
	{"laneDots", "adds d and d·(x-mean) to the lanes.", []string{"d", "x"}, "mean", 2, func(l lanes, x []vec, mean vec) []vec {
		return []vec{x[0], l.mul(x[0], l.sub(x[1], mean))}
	}},
	{"laneRowDots", "adds d·w and d·w·(x-mean) to the lanes.", []string{"d", "x", "w"}, "mean", 2, func(l lanes, x []vec, mean vec) []vec {
		d := l.mul(x[0], x[2])
		return []vec{d, l.mul(d, l.sub(x[1], mean))}
	}},
}
