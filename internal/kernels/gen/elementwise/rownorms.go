package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// A rowPair writes a kernel for two rows at a time, whose length is a multiple of block and at most sumPiece of package kernels: with the
// sums of tallies, which are folded in registers.
type rowPair struct {
	lanes
	n    reg.VecVirtual // the length as a float64
	cols reg.Register   // in bytes
	rows reg.Register
}

// beginRows loads the length and the number of rows, which is even and positive.
func (l lanes) beginRows() rowPair {
	p := rowPair{lanes: l.by(block / l.count()), n: XMM()}
	p.rows, p.cols = Load(Param("rows"), GP64()), Load(Param("cols"), GP64())
	VXORPS(p.n, p.n, p.n)
	VCVTSI2SDQ(p.cols, p.n, p.n)
	SHLQ(Imm(2), p.cols)
	return p
}

// loop writes the loop over pairs of rows and the end of the function. Slices of each have a number for each row, matrices the rows.
func (p rowPair) loop(each []reg.Register, matrices []reg.Register, f func()) {
	top := label("rows")
	Label(top)
	f()
	for _, r := range each {
		ADDQ(Imm(8), r)
	}
	for _, r := range matrices {
		LEAQ(Mem{Base: r, Index: p.cols, Scale: 2}, r)
	}
	SUBQ(Imm(2), p.rows)
	JG(LabelRef(top))
	VZEROUPPER()
	RET()
}

// zeros returns sums of a row.
func (p rowPair) zeros() vec {
	v := p.reg()
	for _, r := range v {
		VXORPS(r, r, r)
	}
	return v
}

// along writes the loop over the elements of both rows; f gets the offset of the first row's elements, and that of the second's.
func (p rowPair) along(f func(i [2]reg.Register)) {
	i := [2]reg.Register{GP64(), GP64()}
	XORQ(i[0], i[0])
	MOVQ(p.cols, i[1])
	top := label("elements")
	Label(top)
	f(i)
	ADDQ(Imm(4*block), i[0])
	ADDQ(Imm(4*block), i[1])
	CMPQ(i[0], p.cols)
	JLT(LabelRef(top))
}

// row returns the addresses of elements of a slice.
func (p rowPair) row(base, i reg.Register) []Mem { return p.at(Mem{Base: base, Index: i, Scale: 1}) }

// add adds y to sums in place.
func (p rowPair) add(y, sums vec) {
	for j := range y {
		VADDPS(y[j], sums[j], sums[j])
	}
}

// total returns the sum of the lanes in double precision.
func (p rowPair) total(sums vec) reg.Register {
	var lane vec
	for _, r := range sums {
		lo, hi := p.double(r)
		lane = append(lane, lo, hi)
	}
	return p.by(1).fold(lane)
}

// single writes a float64 as a float32 and returns that.
func (p rowPair) single(x reg.Register, to Mem) reg.VecVirtual {
	y := XMM()
	VCVTSD2SS(x, x, y)
	VMOVSS(y, to)
	return y
}

// spread returns x in each lane.
func (p rowPair) spread(x reg.VecVirtual) vec {
	r := p.lanes.single()
	VBROADCASTSS(x, r)
	return p.same(r)
}

// emitRowNorms writes the sums of rows for normalizations, with the bits of tallies, and of columns for their derivatives.
func emitRowNorms() {
	for _, l := range both {
		begin("rowMoments"+l.suffix(), "sets the mean and the variance of rows.", "func(mean, variance, x *float32, rows, cols int)")
		mean, variance, x := Load(Param("mean"), GP64()), Load(Param("variance"), GP64()), Load(Param("x"), GP64())
		p := l.beginRows()
		p.loop([]reg.Register{mean, variance}, []reg.Register{x}, func() {
			var m [2]vec
			s := [2]vec{p.zeros(), p.zeros()}
			p.along(func(i [2]reg.Register) {
				for r := range s {
					p.add(p.load(p.row(x, i[r])), s[r])
				}
			})
			for r := range s {
				total := p.total(s[r])
				VDIVSD(p.n, total, total)
				m[r] = p.spread(p.single(total, Mem{Base: mean, Disp: 4 * r}))
			}
			q := [2]vec{p.zeros(), p.zeros()}
			p.along(func(i [2]reg.Register) {
				for r := range q {
					d := p.sub(p.load(p.row(x, i[r])), m[r])
					p.add(p.mul(d, d), q[r])
				}
			})
			for r := range q {
				total := p.total(q[r])
				VDIVSD(p.n, total, total)
				p.single(total, Mem{Base: variance, Disp: 4 * r})
			}
		})
	}
	emitRowDots("rowDots", "sets the sums of d·w and d·w·(x-mean) of rows.", true)
	for _, l := range both {
		begin("rowDotsStrip"+l.suffix(), "sets the sums of d and d·((x-mean)·scale) over rows of 32 columns.",
			"func(sum, dot, d, x, mean, scale *float32, rows, stride int)")
		l.by(strip / l.count()).rowDotsStrip()
	}
}

// emitRowDots writes a kernel for the sums of the gradient and of its products with x-mean: of weighted gradients, or else it prefetches
// the elements of next at the places of x.
func emitRowDots(name, doc string, weights bool) {
	for _, l := range both {
		last := "next"
		if weights {
			last = "w"
		}
		begin(name+l.suffix(), doc, "func(sum, dot, d, x, mean, "+last+" *float32, rows, cols int)")
		sum, dot, d, x := Load(Param("sum"), GP64()), Load(Param("dot"), GP64()), Load(Param("d"), GP64()), Load(Param("x"), GP64())
		mean, w := Load(Param("mean"), GP64()), Load(Param(last), GP64())
		p := l.beginRows()
		matrices := []reg.Register{d, x}
		if !weights {
			matrices = append(matrices, w)
		}
		p.loop([]reg.Register{sum, dot, mean}, matrices, func() {
			s, t := [2]vec{p.zeros(), p.zeros()}, [2]vec{p.zeros(), p.zeros()}
			p.along(func(i [2]reg.Register) {
				for r := range s {
					u := p.load(p.row(d, i[r]))
					if weights {
						u = p.mul(u, p.row(w, i[0]))
						PREFETCHT0(Mem{Base: x, Index: i[r], Scale: 1, Disp: 4096}) // x was last used long ago, in the forward pass
					} else {
						PREFETCHT0(Mem{Base: w, Index: i[r], Scale: 1})
					}
					p.add(u, s[r])
					m := p.lanes.single()
					VBROADCASTSS(Mem{Base: mean, Disp: 4 * r}, m)
					p.add(p.mul(u, p.sub(p.load(p.row(x, i[r])), p.same(m))), t[r])
				}
			})
			for r := range s {
				p.single(p.total(s[r]), Mem{Base: sum, Disp: 4 * r})
				p.single(p.total(t[r]), Mem{Base: dot, Disp: 4 * r})
			}
		})
	}
}

// rowDotsStrip writes the kernel for columns that fill the registers.
func (l lanes) rowDotsStrip() {
	sum, dot, d, x := Load(Param("sum"), GP64()), Load(Param("dot"), GP64()), Load(Param("d"), GP64()), Load(Param("x"), GP64())
	mean, scale := Load(Param("mean"), GP64()), Load(Param("scale"), GP64())
	rows, stride := Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	s, t := l.reg(), l.reg()
	for j := range s {
		VXORPS(s[j], s[j], s[j])
		VXORPS(t[j], t[j], t[j])
	}
	top := label("rows")
	Label(top)
	m, c := l.single(), l.single()
	VBROADCASTSS(Mem{Base: mean}, m)
	VBROADCASTSS(Mem{Base: scale}, c)
	one := l.by(1)
	for j := range s {
		at := Mem{Disp: j * l.bytes()}
		u, v := at, at
		u.Base, v.Base = d, x
		a := one.load(u)
		VADDPS(a[0], s[j], s[j])
		y := one.mul(a, one.mul(one.sub(one.load(v), vec{m}), vec{c}))
		VADDPS(y[0], t[j], t[j])
	}
	ADDQ(Imm(4), mean)
	ADDQ(Imm(4), scale)
	LEAQ(Mem{Base: d, Index: stride, Scale: 4}, d)
	LEAQ(Mem{Base: x, Index: stride, Scale: 4}, x)
	DECQ(rows)
	JNE(LabelRef(top))
	l.store(s, l.at(Mem{Base: sum}))
	l.store(t, l.at(Mem{Base: dot}))
	VZEROUPPER()
	RET()
}
