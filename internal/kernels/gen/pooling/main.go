// Command pooling writes the assembly of max pooling over windows of two elements a side, for float32 and AVX2: forwards and
// backwards, each for one row and for two.
package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!noasm")
	largest("pairMax", 1, "sets dst to the larger of each two elements of x0, n in number and 8 or more.")
	largest("squareMax", 2, "sets dst to the largest of each two elements of x0 and x1, n in number and 8 or more.")
	for _, relu := range []bool{false, true} {
		suffix, what := "", "."
		if relu {
			suffix, what = "ReLU", ", times the derivative of a ReLU whose output x is."
		}
		give("pairGive"+suffix, 1, relu, "gives each of d's n elements, 8 or more, to the larger of two of x0"+what)
		give("squareGive"+suffix, 2, relu, "gives each of d's n elements, 8 or more, to the largest of two of x0 and x1"+what)
	}
	Generate()
}

// both applies a function of two registers into a third.
func both(f func(x, y, r Op), x, y Op) reg.VecVirtual {
	r := YMM()
	f(x, y, r)
	return r
}

func and(x, y, r Op) { VANDPS(x, y, r) }
func or(x, y, r Op)  { VORPS(x, y, r) }

// compare returns where a and b are related as the predicate says.
func compare(predicate uint64, a, b Op) reg.VecVirtual {
	r := YMM()
	VCMPPS(Imm(predicate), b, a, r)
	return r
}

// Predicates.
const (
	equal     = 0x00
	unordered = 0x03
	greater   = 0x1e
)

// maximum propagates NaN and takes +0 for larger than -0.
func maximum(a, b Op) reg.VecVirtual {
	m := both(and, both(func(x, y, r Op) { VMAXPS(x, y, r) }, a, b), both(func(x, y, r Op) { VMAXPS(x, y, r) }, b, a))
	return both(or, compare(unordered, a, b), m)
}

// halves returns the even elements of two registers and the odd ones, in an order that ordered changes back.
func halves(x [2]reg.VecVirtual) (even, odd reg.VecVirtual) {
	even, odd = YMM(), YMM()
	VSHUFPS(Imm(0x88), x[1], x[0], even)
	VSHUFPS(Imm(0xdd), x[1], x[0], odd)
	return even, odd
}

func ordered(x Op) reg.VecVirtual {
	r := YMM()
	VPERMPD(Imm(0xd8), x, r)
	return r
}

// loop writes a loop over n elements, eight at a time; the last eight overlap those before if n is no multiple. The pointers
// move as fast as wide says: by one element or by two.
func loop(n reg.Register, single, double []reg.Register, body func()) {
	step := func(by Op, add func(Op, Op)) {
		for _, p := range single {
			add(by, p)
		}
		for range 2 {
			for _, p := range double {
				add(by, p)
			}
		}
	}
	Label("loop")
	body()
	step(Imm(32), func(by, p Op) { ADDQ(by, p) })
	SUBQ(Imm(8), n)
	JE(LabelRef("done"))
	CMPQ(n, Imm(8))
	JGE(LabelRef("loop"))
	SUBQ(Imm(8), n)
	SHLQ(Imm(2), n)
	step(n, func(by, p Op) { ADDQ(by, p) })
	MOVQ(U64(8), n)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

func pair(p reg.Register) (x [2]reg.VecVirtual) {
	for i := range x {
		x[i] = YMM()
		VMOVUPS(Mem{Base: p, Disp: 32 * i}, x[i])
	}
	return x
}

// pointers loads parameters.
func pointers(names ...string) (list []reg.Register) {
	for _, name := range names {
		list = append(list, Load(Param(name), GP64()))
	}
	return list
}

var rowNames = []string{"x0", "x1"}

func largest(name string, rows int, doc string) {
	TEXT(name, attr.NOSPLIT, map[int]string{1: "func(dst, x0 *float32, n int)", 2: "func(dst, x0, x1 *float32, n int)"}[rows])
	Doc(name + " " + doc)
	Pragma("noescape")
	dst, x, n := pointers("dst"), pointers(rowNames[:rows]...), pointers("n")[0]
	loop(n, dst, x, func() {
		v := pair(x[0])
		for _, p := range x[1:] {
			for i, w := range pair(p) {
				v[i] = maximum(v[i], w)
			}
		}
		even, odd := halves(v)
		VMOVUPS(ordered(maximum(even, odd)), Mem{Base: dst[0]})
	})
}

func give(name string, rows int, relu bool, doc string) {
	TEXT(name, attr.NOSPLIT, map[int]string{1: "func(dx0, x0, d *float32, n int)", 2: "func(dx0, dx1, x0, x1, d *float32, n int)"}[rows])
	Doc(name + " " + doc)
	Pragma("noescape")
	dx, x := pointers([]string{"dx0", "dx1"}[:rows]...), pointers(rowNames[:rows]...)
	d, n := pointers("d"), pointers("n")[0]
	loop(n, d, append(dx, x...), func() {
		var parts []reg.VecVirtual // the even elements of the first row, the odd ones, and so on: the order of precedence
		for _, p := range x {
			even, odd := halves(pair(p))
			parts = append(parts, even, odd)
		}
		m := maximum(parts[0], parts[1])
		if rows == 2 {
			m = maximum(m, maximum(parts[2], parts[3]))
		}
		g := ordered(Mem{Base: d[0]})
		for i, v := range parts { // g is what nobody got yet
			nan := compare(unordered, v, v)
			r := g
			if i < len(parts)-1 {
				wins := both(or, compare(equal, v, m), nan)
				r = both(and, g, wins)
				rest := YMM()
				VANDNPS(g, wins, rest)
				g = rest
			}
			if relu {
				zero := YMM()
				VXORPS(zero, zero, zero)
				r = both(or, both(and, r, compare(greater, v, zero)), nan)
			}
			parts[i] = r
		}
		for i, p := range dx {
			lo, hi := YMM(), YMM()
			VUNPCKLPS(parts[2*i+1], parts[2*i], lo)
			VUNPCKHPS(parts[2*i+1], parts[2*i], hi)
			VMOVUPS(lo, Mem{Base: p})
			VMOVUPS(hi, Mem{Base: p, Disp: 32})
		}
	})
}
