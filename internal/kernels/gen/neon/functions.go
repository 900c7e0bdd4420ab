package main

import (
	"github.com/nndiy/nndiy/internal/kernels/coefficients"
	"github.com/nndiy/nndiy/internal/kernels/gen/formulas"
)

// A machine writes the steps of formulas. Products are fused with sums where Go's compiler fuses those of the portable forms in package
// kernels (unary_float32.go) on arm64, so that the results have the same bits.
type machine struct{ f *function }

func (m machine) K(x float64) vector   { return m.f.k(x) }
func (m machine) Bits(b uint32) vector { return m.f.bits(b) }

func (m machine) Add(a, b vector) vector { return m.f.add(a, b) }
func (m machine) Sub(a, b vector) vector { return m.f.sub(a, b) }
func (m machine) Mul(a, b vector) vector { return m.f.mul(a, b) }
func (m machine) Div(a, b vector) vector { return m.f.div(a, b) }

func (m machine) MulAdd(a, b, c vector) vector { return m.f.fma(a, b, c) }
func (m machine) AddMul(c, a, b vector) vector { return m.f.fma(a, b, c) }
func (m machine) SubMul(c, a, b vector) vector { return m.f.fms(c, a, b) }

func (m machine) Horner(x vector, c []float32) vector { return m.f.horner(x, c) }

func (m machine) Neg(x vector) vector    { return m.f.on(fneg, x) }
func (m machine) Abs(x vector) vector    { return m.f.on(fabs, x) }
func (m machine) Sign(x vector) vector   { return m.f.and(x, m.f.bits(1<<31)) }
func (m machine) And(a, b vector) vector { return m.f.and(a, b) }
func (m machine) Or(a, b vector) vector  { return m.f.or(a, b) }
func (m machine) Xor(a, b vector) vector { return m.f.on(eor, a, b) }
func (m machine) ReLU(x vector) vector   { return m.f.relu(x) }

func (m machine) AtMost(x vector, hi float64) vector { return m.f.minimum(x, m.f.k(hi)) }

func (m machine) Clamp(x vector, lo, hi float64) vector {
	return m.f.minimum(m.f.maximum(x, m.f.k(lo)), m.f.k(hi))
}

func (m machine) Less(a, b vector) vector    { return m.f.less(a, b) }
func (m machine) Greater(a, b vector) vector { return m.f.greater(a, b) }
func (m machine) Equal(a, b vector) vector   { return m.f.equal(a, b) }
func (m machine) Positive(x vector) vector   { return m.f.positive(x) }
func (m machine) Negative(x vector) vector   { return m.f.negative(x) }
func (m machine) Zero(x vector) vector       { return m.f.isZero(x) }

func (m machine) Choose(mask, yes, no vector) vector { return m.f.pick(mask, yes, no) }
func (m machine) Keep(mask, v vector) vector         { return m.f.and(mask, v) }
func (m machine) NotZero(t, v vector) vector         { return m.f.whereNotZero(t, v) }

func (m machine) From0(u, v vector) vector {
	return m.f.pick(m.f.greaterEqual(u, m.f.zero()), v, m.f.bits(0x7fc00000))
}

func (m machine) AddInt(a, b vector) vector { return m.f.addInt(a, b) }
func (m machine) SubInt(a, b vector) vector { return m.f.subInt(a, b) }
func (m machine) MinInt(a, b vector) vector { return m.f.on(smin, a, b) }

func (m machine) ShiftLeft(a vector, by int) vector  { return m.f.shiftLeft(a, by) }
func (m machine) ShiftRight(a vector, by int) vector { return m.f.shiftRight(a, by) }
func (m machine) ToFloat(a vector) vector            { return m.f.on(scvtf, a) }

// Ln2 is that of the portable form.
func (m machine) Ln2() (hi, lo float64) { return coefficients.Ln2Hi, coefficients.Ln2Lo }

func (m machine) Scale(p, t, _ vector) vector {
	return formulas.Halves(m, p, t, m.f.shiftRightZero(t, 1))
}

// formula1 and formula2 return a formula of one and of two vectors as a function of the generator.
func formula1(g func(m formulas.Machine[vector, vector], x vector) vector) func(f *function, x vector) vector {
	return func(f *function, x vector) vector { return g(machine{f}, x) }
}

func formula2(g func(m formulas.Machine[vector, vector], a, b vector) vector) func(f *function, a, b vector) vector {
	return func(f *function, a, b vector) vector { return g(machine{f}, a, b) }
}

// formula3 returns a formula of two vectors and of the scalar c.
func formula3(g func(m formulas.Machine[vector, vector], a, b, c vector) vector) func(f *function, x []vector, c, _ vector) vector {
	return func(f *function, x []vector, c, _ vector) vector { return g(machine{f}, x[0], x[1], c) }
}

func (f *function) exp(x vector) vector         { return formulas.Exp(machine{f}, x) }
func (f *function) logistic(z, t vector) vector { return formulas.Logistic(machine{f}, z, t) }

var functions = []stream{
	one("exp", "e^a", 4, formula1(formulas.Exp)),
	one("expm1", "e^a - 1", 4, formula1(formulas.Expm1)),
	one("log", "ln a", 4, formula1(formulas.Log)),
	one("log1p", "ln(1+a)", 2, formula1(formulas.Log1p)),
	one("tanh", "tanh a", 4, formula1(formulas.Tanh)),
	one("sigmoid", "1/(1+e^-a)", 4, formula1(formulas.Sigmoid)),
	one("softplus", "ln(1+e^a)", 4, formula1(formulas.Softplus)),
	one("erf", "erf a", 2, formula1(formulas.Erf)),
	one("gelu", "a·Φ(a)", 2, formula1(formulas.GELU)),
	one("geluSlope", "Φ(a) + a·φ(a)", 2, formula1(formulas.GELUSlope)),
	one("sin", "sin a for |a| ≤ WaveLargest", 2, formula1(formulas.Sin)),
	one("cos", "cos a for |a| ≤ WaveLargest", 2, formula1(formulas.Cos)),
	element("powScalar", "a to the power of c + d, as formulas.Pow", 1, 2, 2, func(f *function, x []vector, c, d vector) vector {
		return formulas.Pow(machine{f}, x[0], c, d)
	}),
	twoInputs("pow", "a to the power of b, as formulas.Pow", 2, func(f *function, a, b vector) vector {
		return formulas.Pow(machine{f}, a, b, f.zero())
	}),
	oneScalar("elu", "a where a > 0, else c(e^a-1)", 2, formula2(formulas.ELU)),
	twoInputs("logistic", "ln(1+e^a) - a·b", 2, formula2(formulas.Logistic)),
	element("logSoftmaxGrad", "a - c·e^b", 2, 1, 2, formula3(formulas.LogSoftmaxGrad)),
	element("bceGrad", "c(sigmoid(a) - b)", 2, 1, 2, formula3(formulas.BCEGrad)),
}
