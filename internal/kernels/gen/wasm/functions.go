package main

import (
	"github.com/nndiy/nndiy/internal/kernels/coefficients"
	"github.com/nndiy/nndiy/internal/kernels/gen/formulas"
)

// A machine writes the steps of formulas, without fused products: they are those of the portable forms in package kernels
// (unary_float32.go). The result of a step is kept in a variable, since a formula may use it several times.
type machine struct{ f *function }

func (m machine) let(c code) code { return m.f.let(v128, c) }

func (m machine) K(x float64) code   { return k(x) }
func (m machine) Bits(b uint32) code { return splat32(b) }

func (m machine) Add(a, b code) code { return m.let(add(a, b)) }
func (m machine) Sub(a, b code) code { return m.let(sub(a, b)) }
func (m machine) Mul(a, b code) code { return m.let(mul(a, b)) }
func (m machine) Div(a, b code) code { return m.let(div(a, b)) }

func (m machine) MulAdd(a, b, c code) code { return m.let(add(mul(a, b), c)) }
func (m machine) AddMul(c, a, b code) code { return m.let(add(c, mul(a, b))) }
func (m machine) SubMul(c, a, b code) code { return m.let(sub(c, mul(a, b))) }

func (m machine) Horner(x code, c []float32) code {
	p := k(float64(c[0]))
	for _, v := range c[1:] {
		p = add(mul(p, x), k(float64(v)))
	}
	return m.let(p)
}

func (m machine) Neg(x code) code    { return m.let(neg(x)) }
func (m machine) Abs(x code) code    { return m.let(abs(x)) }
func (m machine) Sign(x code) code   { return m.let(and(x, splat32(1<<31))) }
func (m machine) And(a, b code) code { return m.let(and(a, b)) }
func (m machine) Or(a, b code) code  { return m.let(or(a, b)) }
func (m machine) Xor(a, b code) code { return m.let(xor(a, b)) }
func (m machine) ReLU(x code) code   { return m.let(atLeast(x, k(0))) }

func (m machine) AtMost(x code, hi float64) code    { return m.let(atMost(x, k(hi))) }
func (m machine) Clamp(x code, lo, hi float64) code { return m.let(atMost(atLeast(x, k(lo)), k(hi))) }

func (m machine) Less(a, b code) code    { return m.let(less(a, b)) }
func (m machine) Greater(a, b code) code { return m.let(greater(a, b)) }
func (m machine) Equal(a, b code) code   { return m.let(equal(a, b)) }
func (m machine) Positive(x code) code   { return m.Greater(x, k(0)) }
func (m machine) Negative(x code) code   { return m.Less(x, k(0)) }
func (m machine) Zero(x code) code       { return m.Equal(x, k(0)) }

func (m machine) Choose(mask, yes, no code) code { return m.let(pick(mask, yes, no)) }
func (m machine) Keep(mask, v code) code         { return m.let(and(mask, v)) }
func (m machine) NotZero(t, v code) code         { return m.let(whereNotZero(t, v)) }
func (m machine) From0(u, v code) code {
	return m.let(pick(greaterEqual(u, k(0)), v, splat32(0x7fc00000)))
}

func (m machine) AddInt(a, b code) code { return m.let(addWords(a, b)) }
func (m machine) SubInt(a, b code) code { return m.let(subWords(a, b)) }
func (m machine) MinInt(a, b code) code { return m.let(minWords(a, b)) }

func (m machine) ShiftLeft(a code, by int) code  { return m.let(shiftLeft(a, by)) }
func (m machine) ShiftRight(a code, by int) code { return m.let(shiftRight(a, by)) }
func (m machine) ToFloat(a code) code            { return m.let(toFloat(a)) }

// Ln2 is that of the portable form.
func (m machine) Ln2() (hi, lo float64) { return coefficients.Ln2Hi, coefficients.Ln2Lo }

func (m machine) Scale(p, t, _ code) code {
	return formulas.Halves(m, p, t, m.let(shiftRightZero(t, 1)))
}

// formula1, formula2 and formula3 return elements by a formula of one input, of two inputs or an input and a scalar, and of two inputs
// and a scalar.
func formula1(name string, g func(m formulas.Machine[code, code], x code) code) stream {
	return element(name, 1, 0, 1, func(f *function, x, _ []code) code { return g(machine{f}, x[0]) })
}

func formula2(name string, inputs int, g func(m formulas.Machine[code, code], a, b code) code) stream {
	return element(name, inputs, 2-inputs, 1, func(f *function, x, c []code) code {
		in := append(x, c...)
		return g(machine{f}, in[0], in[1])
	})
}

func formula3(name string, g func(m formulas.Machine[code, code], a, b, c code) code) stream {
	return element(name, 2, 1, 1, func(f *function, x, c []code) code { return g(machine{f}, x[0], x[1], c[0]) })
}

func (f *function) exp(x code) code         { return formulas.Exp(machine{f}, x) }
func (f *function) logistic(z, t code) code { return formulas.Logistic(machine{f}, z, t) }

var functions = []stream{
	formula1("Exp", formulas.Exp),
	formula1("Expm1", formulas.Expm1),
	formula1("Log", formulas.Log),
	formula1("Log1p", formulas.Log1p),
	formula1("Tanh", formulas.Tanh),
	formula1("Sigmoid", formulas.Sigmoid),
	formula1("Softplus", formulas.Softplus),
	formula1("Erf", formulas.Erf),
	formula1("GELU", formulas.GELU),
	formula1("GELUSlope", formulas.GELUSlope),
	formula1("Sin", formulas.Sin),
	formula1("Cos", formulas.Cos),
	element("PowScalar", 1, 2, 1, func(f *function, x, c []code) code { return formulas.Pow(machine{f}, x[0], c[0], c[1]) }),
	element("Pow", 2, 0, 1, func(f *function, x, _ []code) code { return formulas.Pow(machine{f}, x[0], x[1], k(0)) }),
	formula2("ELU", 1, formulas.ELU),
	formula2("Logistic", 2, formulas.Logistic),
	formula3("LogSoftmaxGrad", formulas.LogSoftmaxGrad),
	formula3("BCELogitsGrad", formulas.BCEGrad),
}

// addCells adds the steps of recurrent networks, which read and write slices of one length.
func addCells(m *module) {
	for _, c := range formulas.Cells[code, code]() {
		s := stream{name: c.Name, slices: c.In + c.Out, by: 1, f: func(f *function, x, _ []code) []code { return c.F(machine{f}, x) }}
		for i := range c.In {
			s.in = append(s.in, i)
		}
		for i := range c.Out {
			s.out = append(s.out, c.In+i)
		}
		s.add(m)
	}
}
