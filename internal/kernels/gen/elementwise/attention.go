package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const minusInf = 0xff800000

// A scoreLoop runs over the rows of blocks of scores. Row r has width elements, of which the first seen+r·step count, as far as
// there are so many.
type scoreLoop struct {
	lanes
	blocks                    []reg.Register // the rows
	stride, rows, width, seen reg.Register   // stride is in bytes
	i, left                   reg.Register   // the element, and how many are left
}

// scores begins a function over blocks of scores.
func (l lanes) scores(name, doc string, blocks []string, signature string) *scoreLoop {
	l = l.by(block / l.count())
	names := ""
	for _, b := range blocks {
		names += b + ", "
	}
	begin(name+l.suffix(), doc, "func("+names[:len(names)-2]+" *float32, stride, rows, width, seen, step int, "+signature+" *float32)")
	s := &scoreLoop{lanes: l, blocks: pointers(blocks), i: GP64(), left: GP64()}
	s.stride, s.rows = Load(Param("stride"), GP64()), Load(Param("rows"), GP64())
	s.width, s.seen = Load(Param("width"), GP64()), Load(Param("seen"), GP64())
	SHLQ(Imm(2), s.stride)
	return s
}

// at returns the current elements of block b.
func (s *scoreLoop) at(b int) []Mem {
	return s.lanes.at(Mem{Base: s.blocks[b], Index: s.i, Scale: 4})
}

// begin sets left to the number of elements that count, and i to 0.
func (s *scoreLoop) begin() {
	XORQ(s.i, s.i)
	MOVQ(s.seen, s.left)
	CMPQ(s.left, s.width)
	CMOVQGT(s.width, s.left)
	CMPQ(s.left, s.i)
	CMOVQLT(s.i, s.left)
}

// each runs f on the elements that count; at the end, t selects them, and it is nil for a whole block.
func (s *scoreLoop) each(f func(t mask)) {
	top, done, end := label("loop"), label("done"), label("end")
	SUBQ(Imm(block), s.left)
	JLT(LabelRef(done))
	Label(top)
	f(nil)
	ADDQ(Imm(block), s.i)
	SUBQ(Imm(block), s.left)
	JGE(LabelRef(top))
	Label(done)
	ADDQ(Imm(block), s.left)
	JE(LabelRef(end))
	f(s.tail(s.left))
	ADDQ(Imm(block), s.i)
	Label(end)
}

// clear sets the elements of the blocks from i on to 0.
func (s *scoreLoop) clear() {
	zero := s.zero()
	top, end := label("clear"), label("cleared")
	Label(top)
	CMPQ(s.i, s.width)
	JGE(LabelRef(end))
	for b := range s.blocks {
		s.store(zero, s.at(b))
	}
	ADDQ(Imm(block), s.i)
	JMP(LabelRef(top))
	Label(end)
}

// next goes to the next row, and to top if there is one.
func (s *scoreLoop) next(top string) {
	for _, b := range s.blocks {
		ADDQ(s.stride, b)
	}
	ADDQ(address("step"), s.seen)
	DECQ(s.rows)
	JNE(LabelRef(top))
}

// again goes back to the first row of the given blocks.
func (s *scoreLoop) again(blocks ...string) {
	for i, b := range blocks {
		Load(Param(b), s.blocks[i])
	}
	Load(Param("rows"), s.rows)
	Load(Param("seen"), s.seen)
}

// end ends the function.
func (s *scoreLoop) end() {
	VZEROUPPER()
	RET()
}

// get loads elements; those that t does not select become 0.
func (s *scoreLoop) get(t mask, m []Mem) vec {
	if t == nil {
		return s.load(m)
	}
	return s.loadPart(t, m)
}

// only returns v, with 0 in elements that t does not select.
func (s *scoreLoop) only(t mask, v vec) vec {
	if t == nil {
		return v
	}
	return s.keep(t, v)
}

// broadcast returns one register with the element at m everywhere.
func (s *scoreLoop) broadcast(m Mem) vec {
	r := s.single()
	VBROADCASTSS(m, r)
	return vec{r}
}

// fold combines the registers of v by f, and then its elements; the result is in each element.
func (s *scoreLoop) fold(f func(l lanes, a, b vec) vec, v vec) vec {
	one := s.by(1)
	m := v[:1]
	for j := 1; j < len(v); j++ {
		m = f(one, m, v[j:j+1])
	}
	return one.foldBy(f, m)
}

// emitAttention writes the kernels of the rows of attention's scores.
func emitAttention() {
	for _, l := range both {
		emitWeighRows(l)
		emitScoreGradRows(l)
		emitScaleRows(l)
		emitScaleDotRows(l)
	}
}

func emitWeighRows(l lanes) {
	s := l.scores("weighRows", "is weighRows for rows > 0; it may write to whole blocks of 16 elements.", []string{"scores"}, "sums, factors")
	sums, factors := Load(Param("sums"), GP64()), Load(Param("factors"), GP64())
	one := s.by(1)
	row := label("row")
	Label(row)
	s.begin()
	most := s.load(s.bits(minusInf))
	s.each(func(t mask) {
		x := s.get(t, s.at(0))
		if t != nil {
			x = s.choose(t, x, s.load(s.bits(minusInf)))
		}
		for j := range x { // NaN is left out; it makes the sum NaN
			VMAXPS(most[j], x[j], most[j])
		}
	})
	old, bits := s.broadcast(Mem{Base: sums}), GP32()
	MOVL(Mem{Base: sums}, bits)
	larger := func(l lanes, a, b vec) vec { return l.maxThen(a, b) }
	m := larger(one, s.fold(larger, most), old)
	VMOVSS(m[0].AsX(), Mem{Base: sums})
	finite := func(m vec) vec { return one.maxThen(one.all(-math.MaxFloat32), m) } // so that -Inf less it is no NaN
	m = finite(m)
	factor, first := one.reg(), label("first")
	VXORPS(factor[0], factor[0], factor[0])
	CMPL(bits, U32(minusInf))
	JE(LabelRef(first)) // e^-Inf = 0
	VMOVAPS(one.exp(one.sub(old, m))[0], factor[0])
	Label(first)
	VMOVSS(factor[0].AsX(), Mem{Base: factors})
	ADDQ(Imm(8), sums)
	ADDQ(Imm(4), factors)
	s.next(row)
	Comment("The sums come after the maxima of all rows, so that the processor has several rows of each in work.")
	s.again("scores")
	Load(Param("sums"), sums)
	Load(Param("factors"), factors)
	row = label("row")
	Label(row)
	m = finite(s.broadcast(Mem{Base: sums}))
	s.begin()
	total := s.by(s.n).reg()
	for _, r := range total {
		VXORPS(r, r, r)
	}
	s.each(func(t mask) {
		e := s.only(t, s.exp(s.sub(s.get(t, s.at(0)), s.same(m[0]))))
		s.store(e, s.at(0))
		for j, r := range e {
			VADDPS(r, total[j], total[j])
		}
	})
	s.clear()
	sum := s.fold(func(l lanes, a, b vec) vec { return l.add(a, b) }, total)
	before := s.broadcast(Mem{Base: sums, Disp: 4})
	sum = one.add(one.mul(before, s.broadcast(Mem{Base: factors})), sum)
	VMOVSS(sum[0].AsX(), Mem{Base: sums, Disp: 4})
	ADDQ(Imm(8), sums)
	ADDQ(Imm(4), factors)
	s.next(row)
	s.end()
}

func emitScoreGradRows(l lanes) {
	s := l.scores("scoreGradRows", "is scoreGradRows for rows > 0; it may write to whole blocks of 16 elements.", []string{"scores", "grads"}, "stats, dots")
	stats, dots := Load(Param("stats"), GP64()), Load(Param("dots"), GP64())
	row := label("row")
	Label(row)
	s.begin()
	m, dot := s.same(s.broadcast(Mem{Base: stats})[0]), s.same(s.broadcast(Mem{Base: dots})[0])
	inverse, zero := GP32(), GP64()
	XORQ(zero, zero)
	MOVL(Mem{Base: stats, Disp: 4}, inverse)
	TESTL(inverse, inverse)
	CMOVQEQ(zero, s.left) // the row sees nothing
	s.each(func(t mask) {
		e := s.only(t, s.exp(s.sub(s.get(t, s.at(0)), m)))
		d := s.only(t, s.mul(e, s.sub(s.get(t, s.at(1)), dot)))
		s.store(e, s.at(0))
		s.store(d, s.at(1))
	})
	s.clear()
	ADDQ(Imm(8), stats)
	ADDQ(Imm(4), dots)
	s.next(row)
	s.end()
}
