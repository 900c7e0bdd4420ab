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
	f      func(l lanes, x func(slice int) vec, c vec) []vec // x loads the elements of a slice
}

// emit writes a kernel for a row, and one for two rows at once: sums of one row wait for each other.
func (s laneSum) emit() {
	for _, l := range both {
		params := fmt.Sprintf("lanes, %s *float32, n int", strings.Join(s.slices, ", "))
		if s.scalar != "" {
			params += ", " + s.scalar + " float32"
		}
		begin(s.name+l.suffix(), s.doc, "func("+params+")")
		s.emitFor(l.by(block/l.count()), []sumRow{{lanes: "lanes", scalar: s.scalar}})
	}
	for _, l := range both {
		params := fmt.Sprintf("lanes, lanes2, %s *float32, n, apart int", strings.Join(s.slices, ", "))
		if s.scalar != "" {
			params += fmt.Sprintf(", %s, %s2 float32", s.scalar, s.scalar)
		}
		begin(s.name+"Pair"+l.suffix(), s.doc+" It adds the elements apart elements further on to lanes2, with the same w.", "func("+params+")")
		second := sumRow{lanes: "lanes2", apart: true}
		if s.scalar != "" {
			second.scalar = s.scalar + "2"
		}
		s.emitFor(l.by(block/l.count()), []sumRow{{lanes: "lanes", scalar: s.scalar}, second})
	}
}

// A sumRow is the parameters of one row.
type sumRow struct {
	lanes, scalar string
	apart         bool // from the first one
	pointer       reg.Register
	sums          []vec
	c             vec
}

func (s laneSum) emitFor(l lanes, rows []sumRow) {
	ptr := pointers(s.slices)
	n := Load(Param("n"), GP64())
	i := GP64()
	XORQ(i, i)
	for r := range rows {
		row := &rows[r]
		row.pointer = Load(Param(row.lanes), GP64())
		if row.scalar != "" {
			row.c = l.same(l.scalar(row.scalar))
		}
		for k := range s.sums {
			row.sums = append(row.sums, l.load(l.at(Mem{Base: row.pointer, Disp: 4 * block * k})))
		}
	}
	var second reg.Register // the index of the element of the second row
	if len(rows) > 1 {
		second = Load(Param("apart"), GP64())
	}
	add := func(load func(m []Mem) vec, keep func(y vec) vec) {
		for _, row := range rows {
			x := func(slice int) vec {
				m := Mem{Base: ptr[slice], Index: i, Scale: 4}
				if row.apart && s.slices[slice] != "w" {
					m.Index = second
				}
				return load(l.at(m))
			}
			for k, y := range s.f(l, x, row.c) {
				for j, r := range keep(y) {
					VADDPS(r, row.sums[k][j], row.sums[k][j])
				}
			}
		}
	}
	top, done, end := label("loop"), label("done"), label("end")
	SUBQ(Imm(block), n)
	JLT(LabelRef(done))
	Label(top)
	add(func(m []Mem) vec { return l.load(m) }, func(y vec) vec { return y })
	ADDQ(Imm(block), i)
	if second != nil {
		ADDQ(Imm(block), second)
	}
	SUBQ(Imm(block), n)
	JGE(LabelRef(top))
	Label(done)
	ADDQ(Imm(block), n)
	JE(LabelRef(end))
	t := l.tail(n)
	add(func(m []Mem) vec { return l.loadPart(t, m) }, func(y vec) vec { return l.keep(t, y) })
	Label(end)
	for _, row := range rows {
		for k, v := range row.sums {
			l.store(v, l.at(Mem{Base: row.pointer, Disp: 4 * block * k}))
		}
	}
	VZEROUPPER()
	RET()
}

var laneSums = []laneSum{
	{"laneSum", "adds x to the lanes.", []string{"x"}, "", 1, func(_ lanes, x func(int) vec, _ vec) []vec { return []vec{x(0)} }},
	{"laneSquares", "adds (x-mean)² to the lanes.", []string{"x"}, "mean", 1, func(l lanes, x func(int) vec, mean vec) []vec {
		d := l.sub(x(0), mean)
		return []vec{l.mul(d, d)}
	}},
	{"laneDots", "adds d and d·(x-mean) to the lanes.", []string{"d", "x"}, "mean", 2, func(l lanes, x func(int) vec, mean vec) []vec {
		d := x(0)
		return []vec{d, l.mul(d, l.sub(x(1), mean))}
	}},
	{"laneRowDots", "adds d·w and d·w·(x-mean) to the lanes.", []string{"d", "x", "w"}, "mean", 2, func(l lanes, x func(int) vec, mean vec) []vec {
		d := l.mul(x(0), x(2))
		return []vec{d, l.mul(d, l.sub(x(1), mean))}
	}},
}
