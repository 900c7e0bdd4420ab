package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// each calls f for every accumulator with its memory in C, row by row from the top.
func (t *tile) each(f func(i, v int, m Mem)) {
	p, cRow := GP64(), GP64()
	MOVQ(t.c, p)
	MOVQ(t.arg(argCRow), cRow)
	for i := range t.rows {
		for v := range t.nv {
			f(i, v, Mem{Base: p, Disp: v * t.vec})
		}
		if i+1 < t.rows {
			ADDQ(cRow, p)
		}
	}
}

// finish computes the elements of C from the sums: alpha·sum + beta·c + bias, and the ReLU of this, or this between two bounds.
func (t *tile) finish() {
	Comment("Times alpha, if it is not 1.")
	alpha, tmp := t.spare(0), t.spare(1)
	t.skipOne(t.arg(argAlpha), t.label("One"))
	t.broadcast(t.arg(argAlpha), alpha)
	for i := range t.rows {
		for v := range t.nv {
			t.mul(alpha, t.acc(i, v), t.acc(i, v))
		}
	}
	Label(t.label("One"))
	flags := GP64()
	MOVQ(t.arg(argFlags), flags)
	when := func(flag int, name string, body func()) {
		over := t.label(name)
		TESTQ(U32(uint32(flag)), flags)
		JZ(LabelRef(over))
		body()
		Label(over)
	}
	when(flagBeta, "Beta", func() {
		t.broadcast(t.arg(argAlpha+t.size), alpha)
		t.each(func(i, v int, m Mem) {
			if t.masked(v) {
				t.maskLoad(m, t.mask(), tmp)
				t.fma(tmp, alpha, t.acc(i, v))
			} else {
				t.fma(m, alpha, t.acc(i, v))
			}
		})
	})
	when(flagBias, "Bias", func() {
		p := GP64()
		MOVQ(t.arg(argBias), p)
		for v := range t.nv {
			t.loadB(Mem{Base: p, Disp: v * t.vec}, v, tmp)
			for i := range t.rows {
				t.add(tmp, t.acc(i, v), t.acc(i, v))
			}
		}
	})
	when(flagReLU, "ReLU", func() {
		t.zero(tmp)
		for i := range t.rows {
			for v := range t.nv {
				t.max(t.acc(i, v), tmp, t.acc(i, v))
			}
		}
	})
	when(flagClip, "Clip", func() {
		low, high := t.spare(0), t.spare(1)
		t.broadcast(t.arg(argAlpha+2*t.size), low)
		t.broadcast(t.arg(argAlpha+3*t.size), high)
		for i := range t.rows {
			for v := range t.nv {
				t.max(t.acc(i, v), low, t.acc(i, v))
				t.min(t.acc(i, v), high, t.acc(i, v))
			}
		}
	})
	Comment("Store.")
	t.each(func(i, v int, m Mem) {
		if t.masked(v) {
			t.maskStore(t.acc(i, v), t.mask(), m)
		} else {
			t.store(t.acc(i, v), m)
		}
	})
	cRow := GP64()
	MOVQ(t.arg(argCRow), cRow)
	for range t.rows {
		ADDQ(cRow, t.c)
	}
}
