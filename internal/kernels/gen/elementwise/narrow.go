package main

import (
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A narrow kernel runs over rows of at most 16 columns, each of which fits the registers. For these, the calls for a long
// row would take longer than the arithmetic. It adds up in the same order.
type narrow struct {
	lanes
	part mask // selects the columns
}

// emitNarrow writes the kernels of narrow rows: softmax, the gradient of its cross-entropy, and the sums that the
// cross-entropy needs.
func emitNarrow() {
	for _, l := range both {
		l = l.by(block / l.count())
		l.narrow("softmaxNarrow", "is Softmax for 1 ≤ cols ≤ 16; rows > 0.", []string{"dst", "z"}, "",
			func(n narrow, ptr []reg.Register) {
				e, s := n.exponentials(n.get(ptr[1]))
				unit := XMM()
				VCVTSS2SD(n.k(1), s, unit)
				n.storePart(n.part, n.mul(e, n.ratio(unit, s)), n.at(Mem{Base: ptr[0]}))
			})
		l.narrow("softmaxCEGradNarrow", "is SoftmaxCEGrad for 1 ≤ cols ≤ 16; rows > 0.", []string{"dst", "z", "t"}, ", scale float32",
			func(n narrow, ptr []reg.Register) {
				e, s := n.exponentials(n.get(ptr[1]))
				t := n.get(ptr[2])
				p := n.mul(e, n.ratio(n.total(sum{}, nil, t), s))
				n.storePart(n.part, n.mul(n.sub(p, t), n.same(n.scalar("scale"))), n.at(Mem{Base: ptr[0]}))
			})
		l.narrow("softmaxCENarrow", "sets out to Σe^(z-m), Σt, Σt(z-m) of each row, for 1 ≤ cols ≤ 16; rows > 0.", []string{"z", "t"},
			", out *float64", func(n narrow, ptr []reg.Register) {
				z, t := n.get(ptr[0]), n.get(ptr[1])
				_, s := n.exponentials(z)
				out := Load(Param("out"), GP64())
				VMOVSD(s, Mem{Base: out})
				VMOVSD(n.total(sum{}, nil, t), Mem{Base: out, Disp: 8})
				VMOVSD(n.total(sum{dot: true}, []vec{t}, n.whereNotZero(t, z)), Mem{Base: out, Disp: 16})
				ADDQ(Imm(24), out)
				MOVQ(out, address("out"))
			})
	}
}

// narrow writes a kernel that emits row once, in a loop over the rows, with the pointers to the slices' rows.
func (l lanes) narrow(name, doc string, slices []string, params string, row func(n narrow, ptr []reg.Register)) {
	begin(name+l.suffix(), doc, "func("+strings.Join(slices, ", ")+" *float32, rows, cols int"+params+")")
	ptr := pointers(slices)
	rows, cols := Load(Param("rows"), GP64()), Load(Param("cols"), GP64())
	n := narrow{l, l.tail(cols)}
	top := label("loop")
	Label(top)
	row(n, ptr)
	for _, p := range ptr {
		LEAQ(Mem{Base: p, Index: cols, Scale: 4}, p)
	}
	DECQ(rows)
	JNE(LabelRef(top))
	VZEROUPPER()
	RET()
}

// get loads a row, with zeros after its end.
func (n narrow) get(p reg.Register) vec { return n.loadPart(n.part, n.lanes.at(Mem{Base: p})) }

// total returns the sum of y, or of its products with x, in double precision.
func (n narrow) total(s sum, x []vec, y vec) reg.Register {
	lane := n.partial()
	s.accumulate(n.lanes, lane, x, y)
	return n.fold(lane)
}

// exponentials subtracts the largest element m from the row z, in place, and returns e^(z-m) and its sum. z and e are 0
// after the end of the row.
func (n narrow) exponentials(z vec) (e vec, s reg.Register) {
	all, l := n.choose(n.part, z, n.load(n.bits(0xff800000))), n.by(1)
	m := all[:1]
	for j := 1; j < len(all); j++ {
		m = l.maximum(m, all[j:j+1])
	}
	m = l.foldBy(lanes.maximum, m)
	copy(z, n.keep(n.part, n.sub(z, n.same(m[0]))))
	e = n.keep(n.part, n.exp(z))
	return e, n.total(sum{}, nil, e)
}

// ratio returns a/b, rounded to float32, in all lanes.
func (n narrow) ratio(a, b reg.Register) vec {
	q, r := XMM(), n.single()
	VDIVSD(b, a, q)
	VCVTSD2SS(q, q, q)
	VBROADCASTSS(q, r)
	return n.same(r)
}
