package main

import "math"

// A vector is n registers of four float32, or the same register n times.
type vector []vec

// each returns the vector of the results of g.
func (f *function) each(g func(j int) vec) (r vector) {
	for j := range f.n {
		r = append(r, g(j))
	}
	return r
}

// on returns the results of an instruction.
func (f *function) on(i instruction, a vector, more ...vector) vector {
	return f.each(func(j int) vec {
		use := []vec{a[j]}
		for _, m := range more {
			use = append(use, m[j])
		}
		return f.emit(i, 0, 0, use...)
	})
}

// into returns the results of an instruction that changes its destination, which is a copy of c.
func (f *function) into(i instruction, c, a, b vector) vector {
	return f.each(func(j int) vec { return f.change(f.emit(mov, 0, 0, c[j]), i, 0, 0, a[j], b[j]) })
}

func (f *function) add(a, b vector) vector { return f.on(fadd, a, b) }
func (f *function) sub(a, b vector) vector { return f.on(fsub, a, b) }
func (f *function) mul(a, b vector) vector { return f.on(fmul, a, b) }
func (f *function) div(a, b vector) vector { return f.on(fdiv, a, b) }

// fma returns a·b + c with one rounding, and fms returns c - a·b.
func (f *function) fma(a, b, c vector) vector { return f.into(fmla, c, a, b) }
func (f *function) fms(c, a, b vector) vector { return f.into(fmls, c, a, b) }

// maximum and minimum propagate NaN, and order the zeros.
func (f *function) maximum(a, b vector) vector { return f.on(fmax, a, b) }
func (f *function) minimum(a, b vector) vector { return f.on(fmin, a, b) }

func (f *function) greater(a, b vector) vector      { return f.on(fcmgt, a, b) }
func (f *function) greaterEqual(a, b vector) vector { return f.on(fcmge, a, b) }
func (f *function) less(a, b vector) vector         { return f.on(fcmgt, b, a) }
func (f *function) lessEqual(a, b vector) vector    { return f.on(fcmge, b, a) }
func (f *function) equal(a, b vector) vector        { return f.on(fcmeq, a, b) }
func (f *function) positive(a vector) vector        { return f.on(fcmgt0, a) }
func (f *function) negative(a vector) vector        { return f.on(fcmlt0, a) }
func (f *function) isZero(a vector) vector          { return f.on(fcmeq0, a) }

// number returns where a is not NaN.
func (f *function) number(a vector) vector { return f.equal(a, a) }

func (f *function) and(a, b vector) vector    { return f.on(and, a, b) }
func (f *function) andNot(a, b vector) vector { return f.on(bic, a, b) }
func (f *function) or(a, b vector) vector     { return f.on(orr, a, b) }

// pick returns yes where the mask is set and no elsewhere.
func (f *function) pick(mask, yes, no vector) vector { return f.into(bsl, mask, yes, no) }

// unlessNaN returns v where x is not NaN, and x elsewhere.
func (f *function) unlessNaN(x, v vector) vector { return f.pick(f.number(x), v, x) }

// Integers of 32 bits.
func (f *function) addInt(a, b vector) vector { return f.on(add, a, b) }
func (f *function) subInt(a, b vector) vector { return f.on(sub, a, b) }

// shift returns the results of a shift.
func (f *function) shift(i instruction, a vector, by int) vector {
	field := uint32(32 + by)
	if i != shl {
		field = uint32(64 - by)
	}
	return f.each(func(j int) vec { return f.emit(i, by, field<<16, a[j]) })
}

func (f *function) shiftLeft(a vector, by int) vector      { return f.shift(shl, a, by) }
func (f *function) shiftRight(a vector, by int) vector     { return f.shift(sshr, a, by) } // keeps the sign
func (f *function) shiftRightZero(a vector, by int) vector { return f.shift(ushr, a, by) }

// same returns a vector of the same register.
func (f *function) same(v vec) vector { return f.each(func(int) vec { return v }) }

// zero returns a vector of zeros.
func (f *function) zero() vector { return f.same(f.emit(movi0, 0, 0)) }

// bits returns a vector filled with 32 bits, k one filled with a number.
func (f *function) bits(b uint32) vector { return f.same(f.constant(b)) }
func (f *function) k(x float64) vector   { return f.bits(math.Float32bits(float32(x))) }

// kEach is k in registers of their own, for sums that change them.
func (f *function) kEach(x float32) vector {
	return f.each(func(int) vec { return f.constant(math.Float32bits(x)) })
}

// constant loads a register filled with b.
func (f *function) constant(b uint32) vec {
	if b == 0 {
		return f.emit(movi0, 0, 0)
	}
	at := constants.place(b)
	v := f.fresh()
	f.memory(ldrQ, v, constantBase, at, 16, false)
	return v
}

// horner evaluates a polynomial in x, whose highest coefficient comes first. Each step rounds once.
func (f *function) horner(x vector, c []float32) vector {
	p := f.kEach(c[0])
	for _, v := range c[1:] {
		p = f.fma(p, x, f.kEach(v))
	}
	return p
}

// constantBase holds the address of the constants in a function that uses any.
const constantBase = general(25)

// A pool holds the constants of a file, each in the four words of a vector.
type pool struct {
	words [][4]uint32
}

var constants pool

// place returns the offset of a vector filled with b.
func (p *pool) place(b uint32) int { return p.placeWords([4]uint32{b, b, b, b}) }

// placeWords returns the offset of a vector.
func (p *pool) placeWords(w [4]uint32) int {
	for i, v := range p.words {
		if v == w {
			return 16 * i
		}
	}
	p.words = append(p.words, w)
	return 16 * (len(p.words) - 1)
}
