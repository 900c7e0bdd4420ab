package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// block is the number of interleaved partial sums, sumLanes of package kernels.
const block = 16

// A sum is a kernel that adds up a function of one element of each input in double precision, in 16 lanes.
type sum struct {
	name   string
	doc    string
	slices []string // inputs, after dst if store is set
	store  bool     // the function's values are stored
	dot    bool     // the function's values are multiplied by the first of x, in double precision; f may replace it
	f      func(l lanes, x []vec, c vec) vec
}

func (s sum) emit() {
	for _, l := range both {
		begin(s.name+l.suffix(), s.doc, fmt.Sprintf("func(%s *float32, n int, c float32) float64", strings.Join(s.slices, ", ")))
		s.emitFor(l.by(block / l.count()))
	}
}

func (s sum) emitFor(l lanes) {
	ptr := pointers(s.slices)
	in := ptr
	if s.store {
		in = ptr[1:]
	}
	n := Load(Param("n"), GP64())
	i := GP64()
	XORQ(i, i)
	c := l.same(l.scalar("c"))
	lane := l.partial()
	at := func(p reg.Register) []Mem { return l.at(Mem{Base: p, Index: i, Scale: 4}) }

	top, done, end := label("loop"), label("done"), label("end")
	SUBQ(Imm(block), n)
	JLT(LabelRef(done))
	Label(top)
	var x []vec
	for _, p := range in {
		x = append(x, l.load(at(p)))
	}
	y := s.f(l, x, c)
	if s.store {
		l.store(y, at(ptr[0]))
	}
	s.accumulate(l, lane, x, y)
	ADDQ(Imm(block), i)
	SUBQ(Imm(block), n)
	JGE(LabelRef(top))
	Label(done)
	ADDQ(Imm(block), n)
	JE(LabelRef(end))
	t := l.tail(n)
	x = nil
	for _, p := range in {
		x = append(x, l.loadPart(t, at(p)))
	}
	y = s.f(l, x, c)
	if s.store {
		l.storePart(t, y, at(ptr[0]))
	}
	s.accumulate(l, lane, x, l.keep(t, y))
	Label(end)
	total := l.fold(lane)
	VZEROUPPER() // before the store, which is not an AVX instruction
	Store(total, ReturnIndex(0))
	RET()
}

// partial returns two registers of float64 for each of float32, set to zero.
func (l lanes) partial() (lane vec) {
	for range 2 * l.n {
		lane = append(lane, l.by(1).zero()...)
	}
	return lane
}

// accumulate adds y, or its products with the first of x, to the partial sums. The products are exact, so that fusing them
// with the sum changes nothing.
func (s sum) accumulate(l lanes, lane vec, x []vec, y vec) {
	for j := range y {
		lo, hi := l.double(y[j])
		if !s.dot {
			VADDPD(lo, lane[2*j], lane[2*j])
			VADDPD(hi, lane[2*j+1], lane[2*j+1])
			continue
		}
		a, b := lo, hi
		if x[0][j] != y[j] {
			a, b = l.double(x[0][j])
		}
		VFMADD231PD(lo, a, lane[2*j])
		VFMADD231PD(hi, b, lane[2*j+1])
	}
}

// double converts the halves of y to float64.
func (l lanes) double(y reg.VecVirtual) (lo, hi reg.VecVirtual) {
	lo, hi = l.single(), l.single()
	if l.wide {
		h := YMM()
		VEXTRACTF64X4(Imm(1), y, h)
		VCVTPS2PD(y.AsY(), lo)
		VCVTPS2PD(h, hi)
		return lo, hi
	}
	h := XMM()
	VEXTRACTF128(Imm(1), y, h)
	VCVTPS2PD(y.AsX(), lo)
	VCVTPS2PD(h, hi)
	return lo, hi
}

// fold adds up the lanes, each half to the other.
func (l lanes) fold(lane vec) reg.Register {
	for half := len(lane) / 2; half > 0; half /= 2 {
		for k := range half {
			VADDPD(lane[k+half], lane[k], lane[k])
		}
	}
	y, x, h := lane[0].AsY(), lane[0].AsX(), XMM()
	if l.wide {
		h := YMM()
		VEXTRACTF64X4(Imm(1), lane[0], h)
		VADDPD(h, y, y)
	}
	VEXTRACTF128(Imm(1), y, h)
	VADDPD(h, x, x)
	VPERMILPD(Imm(1), x, h)
	VADDSD(h, x, x)
	return x
}

func expLess(l lanes, x []vec, c vec) vec { return l.exp(l.sub(x[0], c)) }

var sums = []sum{
	{"sum", "returns Σ a.", []string{"a"}, false, false, func(_ lanes, x []vec, _ vec) vec { return x[0] }},
	{"dot", "returns Σ a·b.", []string{"a", "b"}, false, true, func(_ lanes, x []vec, _ vec) vec { return x[1] }},
	{"dotShift", "returns Σ a·(b-c), without the terms where a = 0.", []string{"a", "b"}, false, true,
		func(l lanes, x []vec, c vec) vec { return l.whereNotZero(x[0], l.sub(x[1], c)) }},
	{"sumExp", "returns Σ e^(a-c).", []string{"a"}, false, false, expLess},
	{"expSum", "sets dst = e^(a-c) and returns its sum.", []string{"dst", "a"}, true, false, expLess},
	{"bceSum", "returns Σ softplus(a) - a·b.", []string{"a", "b"}, false, false, func(l lanes, x []vec, _ vec) vec {
		return l.add(l.subProductTo(l.maxThen(l.zero(), x[0]), l.whereNotZero(x[1], x[0]), x[1]), l.log1pExp(x[0]))
	}},
	{"distance", "returns Σ (a-b)².", []string{"a", "b"}, false, true, func(l lanes, x []vec, _ vec) vec {
		x[0] = l.sub(x[0], x[1])
		return x[0]
	}},
}
