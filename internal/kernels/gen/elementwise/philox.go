package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// group is the number of blocks of four words drawn in one round of the loop.
const group = 8

// emitPhilox writes a kernel that draws 32 words of Philox4x32-10 at a time, in the low halves of 64-bit lanes. It calls f
// with the first and second words of each block, and with the third and fourth, and stores the results in their place.
//
// VPMULUDQ takes a word from the low half of its lane and ignores the high half. The blocks are ordered in the lanes such
// that unpacking the even and the odd lanes at the end puts them in sequence.
func emitPhilox(name, doc, params string, prolog func(l lanes) func(a, b vec) (vec, vec)) {
	for _, l := range both {
		l = l.by(2 * group / l.count())
		begin(name+l.suffix(), doc, "func(dst *float32, groups int, first, key, counter uint64"+params+")")
		dst, n := Load(Param("dst"), GP64()), Load(Param("groups"), GP64())
		first := Load(Param("first"), GP64())
		f := prolog(l)
		order := l.blockOrder()

		top := label("loop")
		Label(top)
		w := l.philox(first, order)
		w[0], w[1] = f(w[0], w[1])
		w[2], w[3] = f(w[2], w[3])
		a, b := l.pair(w[0], w[1]), l.pair(w[2], w[3])
		even, odd := l.apply(VPUNPCKLQDQ, a, b), l.apply(VPUNPCKHQDQ, a, b)
		for j := range even {
			m := Mem{Base: dst, Disp: 2 * j * l.bytes()}
			VMOVUPS(even[j], m)
			VMOVUPS(odd[j], m.Offset(l.bytes()))
		}
		ADDQ(Imm(16*group), dst)
		ADDQ(Imm(group), first)
		DECQ(n)
		JNE(LabelRef(top))
		VZEROUPPER()
		RET()
	}
}

var orders = map[bool]Mem{}

// blockOrder returns the numbers of the blocks in the lanes: 0 2 1 3 and 4 6 5 7, or 0 4 1 5 2 6 3 7.
func (l lanes) blockOrder() Mem {
	if _, ok := orders[l.wide]; !ok {
		lanes := l.count() / 2
		orders[l.wide] = GLOBL("order"+l.suffix(), 16|8)
		for i := range group {
			DATA(8*i, U64(uint64(i/lanes*lanes+i%lanes/2+i%2*lanes/2)))
		}
	}
	return orders[l.wide]
}

// philox draws 8 blocks from number first on and returns their first, second, third and fourth words.
func (l lanes) philox(first Op, order Mem) [4]vec {
	broadcast := func(m Op) vec { r := l.single(); VPBROADCASTQ(m, r); return l.same(r) }
	right := func(a vec) vec { return l.shift(VPSRLQ, a, 32) }
	k0 := broadcast(address("key"))
	k1 := right(k0)
	w2 := broadcast(address("counter"))
	w3 := right(w2)
	at := XMM()
	VMOVQ(first, at)
	w0 := l.apply(VPADDQ, broadcast(at), l.at(order))
	w1 := right(w0)
	for round := range 10 {
		if round > 0 {
			k0, k1 = l.addInt(k0, l.bits(0x9E3779B9)), l.addInt(k1, l.bits(0xBB67AE85))
		}
		p0, p1 := l.apply(VPMULUDQ, w0, l.bits(0xD2511F53)), l.apply(VPMULUDQ, w2, l.bits(0xCD9E8D57))
		w0, w1, w2, w3 = l.xorInt(l.xorInt(right(p1), w1), k0), p1, l.xorInt(l.xorInt(right(p0), w3), k1), p0
	}
	return [4]vec{w0, w1, w2, w3}
}

// pair returns the low word of b above the low word of a, in each 64 bits.
func (l lanes) pair(a, b vec) vec {
	high := l.shift(VPSLLQ, b, 32)
	if l.wide {
		return l.apply(VPORQ, l.shift(VPSRLQ, l.shift(VPSLLQ, a, 32), 32), high)
	}
	return l.apply(func(o ...Op) { VPBLENDD(Imm(0xaa), o[0], o[1], o[2]) }, a, high)
}

// each returns a function that applies f to two words.
func each(f func(word vec) vec) func(a, b vec) (vec, vec) {
	return func(a, b vec) (vec, vec) { return f(a), f(b) }
}

func emitRandom() {
	top := func(l lanes, word vec) vec { return l.shift(VPSRLD, word, 8) }
	emitPhilox("uniform", "draws 32·groups numbers in [0,1), from block first on; groups > 0.", "",
		func(l lanes) func(a, b vec) (vec, vec) {
			return each(func(word vec) vec { return l.mul(l.toFloat(top(l, word)), l.k(0x1p-24)) })
		})
	emitPhilox("bernoulli", "draws 32·groups numbers, from block first on: scale with probability below/2²⁴, or 0; groups > 0.",
		", below uint32, scale float32", func(l lanes) func(a, b vec) (vec, vec) {
			below, scale := l.scalar("below"), l.scalar("scale")
			return each(func(word vec) vec { return l.keep(l.greaterInt(l.same(below), top(l, word)), l.same(scale)) })
		})
	emitPhilox("normal", "draws 32·groups normal numbers, from block first on; groups > 0.", "",
		func(l lanes) func(a, b vec) (vec, vec) { return l.normal })
}
