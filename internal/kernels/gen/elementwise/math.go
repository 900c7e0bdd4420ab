package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"

	"github.com/nndiy/nndiy/internal/kernels/gen/formulas"
)

// A machine writes the steps of formulas. A constant is an address in memory until a step needs it in a register.
type machine struct{ l lanes }

// vec returns o in registers, which must not be changed in place.
func (m machine) vec(o operand) vec {
	if v, ok := o.(vec); ok {
		return v
	}
	return m.l.same(m.l.by(1).load(o)[0])
}

// own returns o in registers that may be changed; o is not used afterwards.
func (m machine) own(o operand) vec {
	if v, ok := o.(vec); ok {
		return v
	}
	return m.l.load(o)
}

func (m machine) K(x float64) operand   { return m.l.k(x) }
func (m machine) Bits(b uint32) operand { return m.l.bits(b) }

func (m machine) Add(a, b operand) operand { return m.l.add(m.vec(a), b) }
func (m machine) Sub(a, b operand) operand { return m.l.sub(m.vec(a), b) }
func (m machine) Mul(a, b operand) operand { return m.l.mul(m.vec(a), b) }
func (m machine) Div(a, b operand) operand { return m.l.div(m.vec(a), b) }

func (m machine) MulAdd(a, b, c operand) operand { return m.l.mulAddTo(m.own(a), m.vec(b), c) }
func (m machine) AddMul(c, a, b operand) operand { return m.l.addProductTo(m.own(c), m.vec(a), b) }
func (m machine) SubMul(c, a, b operand) operand { return m.l.subProductTo(m.own(c), m.vec(a), b) }

func (m machine) Horner(x operand, c []float32) operand { return m.l.horner(m.vec(x), c) }

func (m machine) Neg(x operand) operand    { return m.l.xor(m.vec(x), m.l.bits(0x80000000)) }
func (m machine) Abs(x operand) operand    { return m.l.abs(m.vec(x)) }
func (m machine) Sign(x operand) operand   { return m.l.sign(m.vec(x)) }
func (m machine) And(a, b operand) operand { return m.l.and(m.vec(a), b) }
func (m machine) Or(a, b operand) operand  { return m.l.or(m.vec(a), b) }
func (m machine) Xor(a, b operand) operand { return m.l.xor(m.vec(a), b) }
func (m machine) ReLU(x operand) operand   { return m.l.maxThen(m.l.zero(), x) }

func (m machine) AtMost(x operand, hi float64) operand { return m.l.minThen(m.l.all(hi), x) }

func (m machine) Clamp(x operand, lo, hi float64) operand {
	return m.l.maxThen(m.l.all(lo), m.l.minThen(m.l.all(hi), x))
}

func (m machine) Less(a, b operand) mask    { return m.l.compare(less, m.vec(a), b) }
func (m machine) Greater(a, b operand) mask { return m.l.compare(greater, m.vec(a), b) }
func (m machine) Equal(a, b operand) mask   { return m.l.compare(equal, m.vec(a), b) }
func (m machine) Positive(x operand) mask   { return m.Greater(x, m.l.zero()) }
func (m machine) Negative(x operand) mask   { return m.Less(x, m.l.zero()) }
func (m machine) Zero(x operand) mask       { return m.Equal(x, m.l.zero()) }

func (m machine) Choose(s mask, yes, no operand) operand { return m.l.choose(s, yes, m.vec(no)) }
func (m machine) Keep(s mask, v operand) operand         { return m.l.keep(s, v) }
func (m machine) NotZero(t, v operand) operand           { return m.l.whereNotZero(m.vec(t), m.vec(v)) }

func (m machine) From0(u, v operand) operand {
	return m.l.poison(m.l.compare(notGreaterEqual, m.vec(u), m.l.zero()), m.vec(v))
}

func (m machine) AddInt(a, b operand) operand { return m.l.addInt(m.vec(a), b) }
func (m machine) SubInt(a, b operand) operand { return m.l.subInt(m.vec(a), b) }
func (m machine) MinInt(a, b operand) operand { return m.l.minInt(m.vec(a), b) }

func (m machine) ShiftLeft(a operand, by int) operand  { return m.l.shiftLeft(m.vec(a), uint64(by)) }
func (m machine) ShiftRight(a operand, by int) operand { return m.l.shiftRight(m.vec(a), uint64(by)) }
func (m machine) ToFloat(a operand) operand            { return m.l.toFloat(m.vec(a)) }

// Ln2 returns ln 2 rounded to float32, and what is missing: the products are fused.
func (m machine) Ln2() (hi, lo float64) {
	const ln2 = 0.693147182464599609375
	return ln2, math.Ln2 - ln2
}

// Scale has an instruction in AVX-512.
func (m machine) Scale(p, t, n operand) operand {
	if m.l.wide {
		return m.l.apply(VSCALEFPS, m.vec(p), n)
	}
	return formulas.Halves(m, p, t, operand(m.l.shiftRight(m.vec(t), 1)))
}

// formula1 and formula2 return a formula of one and of two vectors as a function of the generator.
func formula1(f func(m formulas.Machine[operand, mask], x operand) operand) func(l lanes, x vec) vec {
	return func(l lanes, x vec) vec { return f(machine{l}, x).(vec) }
}

func formula2(f func(m formulas.Machine[operand, mask], a, b operand) operand) func(l lanes, a, b vec) vec {
	return func(l lanes, a, b vec) vec { return f(machine{l}, a, b).(vec) }
}

// formula3 returns a formula of two vectors and of the scalar c.
func formula3(f func(m formulas.Machine[operand, mask], a, b, c operand) operand) func(l lanes, x []vec, c, _ vec) vec {
	return func(l lanes, x []vec, c, _ vec) vec { return f(machine{l}, x[0], x[1], c).(vec) }
}

func (l lanes) exp(x vec) vec      { return formula1(formulas.Exp)(l, x) }
func (l lanes) log1pExp(x vec) vec { return formula1(formulas.Log1pExp)(l, x) }

var functions = []element{
	unary("exp", "e^a", 4, formula1(formulas.Exp)),
	unary("expm1", "e^a - 1", 3, formula1(formulas.Expm1)),
	unary("log", "ln a", 2, formula1(formulas.Log)),
	unary("log1p", "ln(1+a)", 2, formula1(formulas.Log1p)),
	unary("tanh", "tanh a", 2, formula1(formulas.Tanh)),
	unary("sigmoid", "1/(1+e^-a)", 2, formula1(formulas.Sigmoid)),
	unary("softplus", "ln(1+e^a)", 2, formula1(formulas.Softplus)),
	unary("erf", "erf a", 2, formula1(formulas.Erf)),
	unary("gelu", "a·Φ(a)", 2, formula1(formulas.GELU)),
	unary("geluSlope", "Φ(a) + a·φ(a)", 2, formula1(formulas.GELUSlope)),
	unary("sin", "sin a for |a| ≤ WaveLargest", 2, formula1(formulas.Sin)),
	unary("cos", "cos a for |a| ≤ WaveLargest", 2, formula1(formulas.Cos)),
	{"powScalar", "a to the power of c + d, as formulas.Pow", 1, 2, 2, func(l lanes, x []vec, c, d vec) vec {
		return formulas.Pow(machine{l}, operand(x[0]), operand(c), operand(d)).(vec)
	}},
	binary("pow", "a to the power of b, as formulas.Pow", 2, func(l lanes, a, b vec) vec {
		return formulas.Pow(machine{l}, operand(a), operand(b), operand(l.zero())).(vec)
	}),
	scalar("elu", "a where a > 0, else c(e^a-1)", 2, formula2(formulas.ELU)),
	binary("logistic", "ln(1+e^a) - a·b", 2, formula2(formulas.Logistic)),
	{"logSoftmaxGrad", "a - c·e^b", 2, 1, 2, formula3(formulas.LogSoftmaxGrad)},
	{"bceGrad", "c(sigmoid(a) - b)", 2, 1, 2, formula3(formulas.BCEGrad)},
}
