package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// emitExtreme writes a kernel that returns the largest or the smallest element, or start if there is none; NaN propagates.
func emitExtreme(name, doc string, start uint32, f func(l lanes, a, b vec) vec) {
	for _, l := range both {
		begin(name+l.suffix(), doc, "func(a *float32, n int) float32")
		p, n := Load(Param("a"), GP64()), Load(Param("n"), GP64())
		m := l.by(2).load(l.bits(start))
		one := m[:1]
		// extend includes x in the first registers of m.
		extend := func(l lanes, x vec) {
			for j, r := range f(l, m[:l.n], x) {
				VMOVAPS(r, m[j])
			}
		}
		loop := func(l lanes) {
			step := Imm(uint64(l.n * l.count()))
			top, done := label("loop"), label("done")
			SUBQ(step, n)
			JLT(LabelRef(done))
			Label(top)
			extend(l, l.load(l.at(Mem{Base: p})))
			ADDQ(Imm(uint64(l.n*l.bytes())), p)
			SUBQ(step, n)
			JGE(LabelRef(top))
			Label(done)
			ADDQ(step, n)
		}
		loop(l.by(2))
		loop(l)
		end := label("end")
		TESTQ(n, n)
		JE(LabelRef(end))
		t := l.tail(n)
		extend(l, l.choose(t, l.loadPart(t, l.at(Mem{Base: p})), l.load(l.bits(start))))
		Label(end)
		r := l.foldBy(f, f(l, one, m[1:]))
		VZEROUPPER() // before the store, which is not an AVX instruction
		Store(r[0].AsX(), ReturnIndex(0))
		RET()
	}
}

// emitZeros writes a kernel whose result is NaN if an element is not finite, and else 0.
func emitZeros() {
	for _, l := range both {
		begin("zeroTimes"+l.suffix(), "returns Σ 0·a, which is NaN if an element is not finite, and else 0.", "func(a *float32, n int) float32")
		p, n := Load(Param("a"), GP64()), Load(Param("n"), GP64())
		const registers = 4
		total := l.by(registers).reg()
		for _, r := range total {
			VXORPS(r, r, r)
		}
		zero := l.zero()[0]
		loop := func(l lanes) {
			step := Imm(uint64(l.n * l.count()))
			top, done := label("loop"), label("done")
			SUBQ(step, n)
			JLT(LabelRef(done))
			Label(top)
			for j, m := range l.at(Mem{Base: p}) {
				VFMADD231PS(m, zero, total[j])
			}
			ADDQ(U32(uint32(l.n*l.bytes())), p)
			SUBQ(step, n)
			JGE(LabelRef(top))
			Label(done)
			ADDQ(step, n)
		}
		loop(l.by(registers))
		loop(l)
		end := label("end")
		TESTQ(n, n)
		JE(LabelRef(end))
		VFMADD231PS(l.loadPart(l.tail(n), l.at(Mem{Base: p}))[0], zero, total[0])
		Label(end)
		add := func(l lanes, a, b vec) vec { return l.add(a, b) }
		r := l.foldBy(add, add(l, add(l, total[:1], total[1:2]), add(l, total[2:3], total[3:4])))
		VZEROUPPER() // before the store, which is not an AVX instruction
		Store(r[0].AsX(), ReturnIndex(0))
		RET()
	}
}

// foldBy combines all elements of one register by f; the result is in each element.
func (l lanes) foldBy(f func(l lanes, a, b vec) vec, m vec) vec {
	for group := l.count() / 2; group > 0; group /= 2 {
		m = f(l, m, l.swap(m, group))
	}
	return m
}

// swap exchanges neighbouring groups of the given number of elements.
func (l lanes) swap(a vec, group int) vec {
	r := l.reg()
	switch {
	case group == 8:
		VSHUFF32X4(Imm(0x4e), a[0], a[0], r[0])
	case group == 4 && l.wide:
		VSHUFF32X4(Imm(0xb1), a[0], a[0], r[0])
	case group == 4:
		VPERM2F128(Imm(1), a[0], a[0], r[0])
	case group == 2:
		VPERMILPS(Imm(0x4e), a[0], r[0])
	default:
		VPERMILPS(Imm(0xb1), a[0], r[0])
	}
	return r
}
