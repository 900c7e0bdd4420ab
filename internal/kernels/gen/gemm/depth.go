package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/nndiy/nndiy/internal/kernels/gen/instructions"
)

// unroll is the number of steps of the depth in one round of the loop of a full tile. What counts where two threads share a
// core is that there are few instructions besides multiply-adds: each thread can issue about 3 a cycle.
const unroll = 4

// An address is the position of a column of A or a row of B at a step of the unrolled loop.
type address struct {
	base        reg.GPVirtual
	step, step3 reg.GPVirtual // bytes to the next one, and three times that
}

// newAddress returns the address at the beginning of the depth. start and step are arguments of the function.
func (t *tile) newAddress(start Op, step int) address {
	p := address{GP64(), GP64(), GP64()}
	MOVQ(start, p.base)
	MOVQ(t.arg(step), p.step)
	LEAQ(Mem{Base: p.step, Index: p.step, Scale: 2}, p.step3)
	return p
}

// at returns the memory disp bytes after the address at step u.
func (p address) at(u, disp int) Mem {
	m := Mem{Base: p.base, Disp: disp}
	switch u {
	case 1, 2:
		m.Index, m.Scale = p.step, uint8(u)
	case 3:
		m.Index, m.Scale = p.step3, 1
	}
	return m
}

// next moves the address by the unrolled steps.
func (p address) next() { LEAQ(Mem{Base: p.base, Index: p.step, Scale: unroll}, p.base) }

// product clears the accumulators and adds the products of the columns of A and the rows of B, in order.
func (t *tile) product() {
	Commentf("A tile of %d rows: the sum over the depth.", t.rows)
	t.clear()
	b, k := t.newAddress(t.arg(argB), argBRow), GP64()
	MOVQ(t.arg(argDepth), k)
	if t.rows < t.form.rows[0] || t.name != "full" && !t.single() {
		t.along(b, k, 1)
		return
	}
	t.prefetchC()
	CMPQ(t.aRow, U32(uint32(t.size)))
	JNE(LabelRef(t.label("Along")))
	Comment("A's columns lie together: it is packed, or transposed.")
	t.across(b, k)
	JMP(LabelRef(t.label("Sums")))
	Label(t.label("Along"))
	Comment("A's rows lie together.")
	t.along(b, k, unroll)
	Label(t.label("Sums"))
}

// clear clears the accumulators.
func (t *tile) clear() {
	for i := range t.rows {
		for v := range t.nv {
			t.zero(t.acc(i, v))
		}
	}
}

// single reports whether a row of the tile is one vector that is multiplied by numbers in memory.
func (t *tile) single() bool { return t.vec == 64 && t.nv == 1 }

// step adds the products of one column of A and one row of B.
func (t *tile) step(a func(i int) Mem, b func(disp int) Mem) {
	for v := range t.nv {
		t.loadB(b(v*t.vec), v, t.spare(v))
	}
	for i := range t.rows {
		if t.single() {
			t.fmaBroadcast(a(i), t.spare(0), t.acc(i, 0))
			continue
		}
		t.broadcast(a(i), t.spare(2))
		for v := range t.nv {
			t.fma(t.spare(v), t.spare(2), t.acc(i, v))
		}
	}
}

// loop runs body, which takes n steps of the depth, while k has n steps left.
func (t *tile) loop(name string, k reg.GPVirtual, n int, body func()) {
	begin, end := t.label(name), t.label(name+"End")
	SUBQ(U32(uint32(n)), k)
	JL(LabelRef(end))
	Label(begin)
	body()
	SUBQ(U32(uint32(n)), k)
	JGE(LabelRef(begin))
	Label(end)
	ADDQ(U32(uint32(n)), k)
}

// across computes the sums over the depth if the elements of each column of A are contiguous.
func (t *tile) across(b address, k reg.GPVirtual) {
	a := t.newAddress(t.a, argACol)
	steps := func(n int) {
		for u := range n {
			t.step(func(i int) Mem { return a.at(u, i*t.size) }, func(disp int) Mem { return b.at(u, disp) })
		}
	}
	round := func() {
		steps(unroll)
		a.next()
		b.next()
	}
	if t.name == "full" {
		t.ahead(k, round)
	}
	t.loop("AcrossDepth", k, unroll, round)
	t.loop("AcrossRest", k, 1, func() {
		steps(1)
		ADDQ(a.step, a.base)
		ADDQ(b.step, b.base)
	})
}

// ahead is the loop of across that also prefetches a column of memory that is needed later, a row of it in each step; the next tile
// takes the next column.
func (t *tile) ahead(k reg.GPVirtual, round func()) {
	over := t.label("NotAhead")
	flags := GP64()
	MOVQ(t.arg(argFlags), flags)
	TESTQ(U32(flagAhead), flags)
	JZ(LabelRef(over))
	p, row := GP64(), GP64()
	MOVQ(t.taps(), p)
	ADDQ(U32(64), t.taps())
	rowAt := t.taps()
	rowAt.Disp += 8
	MOVQ(rowAt, row)
	t.loop("AheadDepth", k, unroll, func() {
		for range unroll {
			PREFETCHT1(Mem{Base: p})
			ADDQ(row, p)
		}
		round()
	})
	Label(over)
}

// along computes the sums over the depth. It takes n steps at once; if n is more than 1, the elements of each row of A must
// be contiguous.
func (t *tile) along(b address, k reg.GPVirtual, n int) {
	rows, bases := t.rowsOfA()
	if n > 1 {
		t.loop("AlongDepth", k, n, func() {
			for u := range n {
				t.step(func(i int) Mem { m := rows[i]; m.Disp = u * t.size; return m }, func(disp int) Mem { return b.at(u, disp) })
			}
			for _, p := range bases {
				ADDQ(U32(uint32(n*t.size)), p)
			}
			b.next()
		})
	}
	aCol := GP64()
	MOVQ(t.arg(argACol), aCol)
	t.loop("AlongRest", k, 1, func() {
		t.step(func(i int) Mem { return rows[i] }, func(disp int) Mem { return b.at(0, disp) })
		for _, p := range bases {
			ADDQ(aCol, p)
		}
		ADDQ(b.step, b.base)
	})
}

// rowsOfA returns the addresses of the first elements of A's rows, and the base registers, which the caller moves on.
func (t *tile) rowsOfA() (rows []Mem, bases []reg.GPVirtual) {
	rows = make([]Mem, t.rows)
	for i := range rows {
		if i%3 == 0 {
			p := GP64()
			if i == 0 {
				MOVQ(t.a, p)
			} else {
				LEAQ(Mem{Base: bases[len(bases)-1], Index: t.aRow, Scale: 2}, p)
				ADDQ(t.aRow, p)
			}
			bases = append(bases, p)
		}
		rows[i] = Mem{Base: bases[i/3]}
		if i%3 > 0 {
			rows[i].Index, rows[i].Scale = t.aRow, uint8(i%3)
		}
	}
	return rows, bases
}

// prefetchC prefetches the tile of C, to have it in the cache when the sums are done.
func (t *tile) prefetchC() {
	p, cRow := reg.R15, GP64()
	MOVQ(t.c, p)
	MOVQ(t.arg(argCRow), cRow)
	for i := range t.rows {
		for at := 0; at < t.nv*t.vec; at += 64 {
			instructions.PrefetchToWrite(p, uint8(at))
		}
		if i+1 < t.rows {
			ADDQ(cRow, p)
		}
	}
}
