package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A body emits the arithmetic on the inputs and returns the results, one for each output.
type body func(l lanes, x []vec) []vec

// A stream is a kernel that runs over slices of float32 of one length. The elements left at the end go through the same
// arithmetic under a mask, so that an element's result does not depend on its position.
type stream struct {
	name   string
	doc    string
	slices []string // names of the parameters that are pointers to elements
	in     []int    // slices that are read
	out    []int    // slices that are written
	params string   // additional parameters, after the length n
	by     int      // registers at a time
	prolog func(l lanes) body
}

// emit writes the kernel for both widths.
func (s stream) emit() {
	for _, l := range both {
		begin(s.name+l.suffix(), s.doc, fmt.Sprintf("func(%s *float32, n int%s)", strings.Join(s.slices, ", "), s.extraParams()))
		s.emitFor(l)
		VZEROUPPER()
		RET()
	}
}

// extraParams returns the additional parameters, to be appended to others.
func (s stream) extraParams() string {
	if s.params == "" {
		return ""
	}
	return ", " + s.params
}

// begin starts a function.
func begin(name, doc, signature string) {
	TEXT(name, 4, signature) // NOSPLIT
	Doc(name + " " + doc)
	Pragma("noescape")
}

func (s stream) emitFor(l lanes) {
	ptr := pointers(s.slices)
	n := Load(Param("n"), GP64())
	i := GP64()
	XORQ(i, i)
	f := s.prolog(l)
	at := func(k int) Mem { return Mem{Base: ptr[k], Index: i, Scale: 4} }
	loop := func(l lanes) {
		step := Imm(uint64(l.n * l.count()))
		top, done := label("loop"), label("done")
		SUBQ(step, n)
		JLT(LabelRef(done))
		Label(top)
		var x []vec
		for _, k := range s.in {
			x = append(x, l.load(l.at(at(k))))
		}
		for j, y := range f(l, x) {
			l.store(y, l.at(at(s.out[j])))
		}
		ADDQ(step, i)
		SUBQ(step, n)
		JGE(LabelRef(top))
		Label(done)
		ADDQ(step, n)
	}
	if s.by > 1 {
		loop(l.by(s.by))
	}
	loop(l)
	end := label("end")
	TESTQ(n, n)
	JE(LabelRef(end))
	t := l.tail(n)
	var x []vec
	for _, k := range s.in {
		x = append(x, l.loadPart(t, l.at(at(k))))
	}
	for j, y := range f(l, x) {
		l.storePart(t, y, l.at(at(s.out[j])))
	}
	Label(end)
}

// pointers loads pointer parameters.
func pointers(names []string) (ptr []reg.Register) {
	for _, name := range names {
		ptr = append(ptr, Load(Param(name), GP64()))
	}
	return ptr
}

var labels int

// label returns a new label.
func label(name string) string {
	labels++
	return fmt.Sprintf("%s%d", name, labels)
}
