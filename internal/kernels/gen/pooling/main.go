// Command pooling writes the assembly of max pooling and its derivative over windows of 1 × 2 and 2 × 2 elements and
// over windows of different sizes, for float32 and AVX2.
package main

import (
	"slices"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!noasm")
	largest("pairMax", 1, "sets dst to the larger of each two elements of x0, row by row; n, the number in each row, is at least 4.")
	largest("squareMax", 2, "sets dst to the largest of each two elements of x0 and of x1, row by row; n, the number in each row, is at least 4.")
	windows("windowMax", false, "sets dst to the largest element of x in each window, or to NaN if it has one.")
	windows("windowFirst", true, "sets dst to the index of the first largest element of x in each window, or to -1 if it has a NaN.")
	for _, relu := range []bool{false, true} {
		suffix, end := "", "."
		if relu {
			suffix, end = "ReLU", ", times the derivative of a ReLU with output x."
		}
		give("pairGive"+suffix, 1, relu, "gives each of the n ≥ 4 elements of each row of d to the larger of two elements of x0"+end)
		give("squareGive"+suffix, 2, relu, "gives each of the n ≥ 4 elements of each row of d to the largest of two elements of x0 and two of x1"+end)
	}
	Generate()
}

// wide selects eight windows at once, or four.
type wide bool

func (w wide) reg() reg.VecVirtual {
	if w {
		return YMM()
	}
	return XMM()
}

// bytes returns the size of a register.
func (w wide) bytes() int {
	if w {
		return 32
	}
	return 16
}

// both emits an instruction of two operands and a new result.
func (w wide) both(f func(x, y, r Op), x, y Op) reg.VecVirtual {
	r := w.reg()
	f(x, y, r)
	return r
}

func and(x, y, r Op)    { VANDPS(x, y, r) }
func andNot(x, y, r Op) { VANDNPS(x, y, r) }
func or(x, y, r Op)     { VORPS(x, y, r) }
func larger(x, y, r Op) { VMAXPS(x, y, r) }

// Predicates of comparison.
const (
	equal     = 0x00
	unordered = 0x03
	greater   = 0x1e
)

// compare returns a mask of the elements for which the predicate holds.
func (w wide) compare(predicate uint64, a, b Op) reg.VecVirtual {
	r := w.reg()
	VCMPPS(Imm(predicate), b, a, r)
	return r
}

// maximum propagates NaN and treats +0 as larger than -0.
func (w wide) maximum(a, b Op) reg.VecVirtual {
	return w.both(or, w.compare(unordered, a, b), w.both(and, w.both(larger, a, b), w.both(larger, b, a)))
}

// halves returns the even and the odd elements of two registers, in an order that ordered reverts.
func (w wide) halves(x [2]reg.VecVirtual) (even, odd reg.VecVirtual) {
	even, odd = w.reg(), w.reg()
	VSHUFPS(Imm(0x88), x[1], x[0], even)
	VSHUFPS(Imm(0xdd), x[1], x[0], odd)
	return even, odd
}

// ordered swaps the middle quarters of a whole register. In half a register the elements are in order.
func (w wide) ordered(x reg.VecVirtual) reg.VecVirtual {
	if w {
		VPERMPD(Imm(0xd8), x, x)
	}
	return x
}

// load loads n adjacent registers.
func (w wide) load(p Op, n int) (x [2]reg.VecVirtual) {
	for i := range n {
		x[i] = w.reg()
		VMOVUPS(Mem{Base: p.(reg.Register), Disp: i * w.bytes()}, x[i])
	}
	return x
}

// rows emits the loops over the windows of some rows. For each window, the pointers in single move by one element and those
// in double by two. At the end of a row, those in double also skip bytes.
type rows struct {
	single, double []reg.Register
}

// step moves the pointers past some windows; by is their number times 4, the size of an element.
func (r rows) step(by Op) {
	for _, p := range r.single {
		ADDQ(by, p)
	}
	for _, p := range r.double {
		ADDQ(by, p)
		ADDQ(by, p)
	}
}

// loop emits body for eight windows at a time, or four if a row has fewer than eight. If the number of windows is not a
// multiple, the last ones of a row overlap those before.
func (r rows) loop(body func(w wide)) {
	n := Load(Param("n"), GP64())
	CMPQ(n, Imm(8))
	JL(LabelRef("narrow"))
	for _, w := range []wide{true, false} {
		name, count := "wide", 8
		if !w {
			name, count = "narrow", 4
		}
		Label(name)
		body(w)
		r.step(Imm(uint64(4 * count)))
		SUBQ(Imm(uint64(count)), n)
		JE(LabelRef(name + "End"))
		CMPQ(n, Imm(uint64(count)))
		JGE(LabelRef(name))
		SUBQ(Imm(uint64(count)), n)
		SHLQ(Imm(2), n)
		r.step(n)
		MOVQ(U64(uint64(count)), n)
		JMP(LabelRef(name))
		Label(name + "End")
		skip := Load(Param("skip"), GP64())
		for _, p := range r.double {
			ADDQ(skip, p)
		}
		Load(Param("n"), n)
		left := Load(Param("rows"), GP64())
		DECQ(left)
		Store(left, Param("rows"))
		JNZ(LabelRef(name))
		VZEROUPPER()
		RET()
	}
}

// pointers loads pointer parameters.
func pointers(names ...string) (list []reg.Register) {
	for _, name := range names {
		list = append(list, Load(Param(name), GP64()))
	}
	return list
}

var rowNames = []string{"x0", "x1"}

// largest writes a function for max pooling over one row or two.
func largest(name string, height int, doc string) {
	TEXT(name, attr.NOSPLIT, map[int]string{1: "func(dst, x0 *float32, n, rows, skip int)", 2: "func(dst, x0, x1 *float32, n, rows, skip int)"}[height])
	Doc(name + " " + doc)
	Pragma("noescape")
	dst, x := pointers("dst"), pointers(rowNames[:height]...)
	rows{dst, x}.loop(func(w wide) {
		v := w.load(x[0], 2)
		for _, p := range x[1:] {
			for i, u := range w.load(p, 2) {
				v[i] = w.maximum(v[i], u)
			}
		}
		even, odd := w.halves(v)
		VMOVUPS(w.ordered(w.maximum(even, odd)), Mem{Base: dst[0]})
	})
}

// give writes a function for the derivative of max pooling over one row or two.
func give(name string, height int, relu bool, doc string) {
	TEXT(name, attr.NOSPLIT, map[int]string{1: "func(dx0, x0, d *float32, n, rows, skip int)", 2: "func(dx0, dx1, x0, x1, d *float32, n, rows, skip int)"}[height])
	Doc(name + " " + doc)
	Pragma("noescape")
	dx, x, d := pointers([]string{"dx0", "dx1"}[:height]...), pointers(rowNames[:height]...), pointers("d")
	rows{d, slices.Concat(dx, x)}.loop(func(w wide) {
		var parts []reg.VecVirtual // the even elements of the first row, its odd ones, and so on, in order of precedence
		for _, p := range x {
			even, odd := w.halves(w.load(p, 2))
			parts = append(parts, even, odd)
		}
		m := w.maximum(parts[0], parts[1])
		if height == 2 {
			m = w.maximum(m, w.maximum(parts[2], parts[3]))
		}
		g := w.ordered(w.load(d[0], 1)[0])
		for i, v := range parts { // g is the gradient that no element has got yet
			nan := w.compare(unordered, v, v)
			r := g
			if i < len(parts)-1 {
				wins := w.both(or, w.compare(equal, v, m), nan)
				r, g = w.both(and, g, wins), w.both(andNot, g, wins)
			}
			if relu {
				zero := w.reg()
				VXORPS(zero, zero, zero)
				r = w.both(or, w.both(and, r, w.compare(greater, v, zero)), nan)
			}
			parts[i] = r
		}
		for i, p := range dx {
			lo, hi := w.reg(), w.reg()
			VUNPCKLPS(parts[2*i+1], parts[2*i], lo)
			VUNPCKHPS(parts[2*i+1], parts[2*i], hi)
			VMOVUPS(lo, Mem{Base: p})
			VMOVUPS(hi, Mem{Base: p, Disp: w.bytes()})
		}
	})
}
