package ops

import (
	"fmt"

	"github.com/nndiy/nndiy/internal/kernels"
)

// A Code names an element-wise function.
type Code uint8

// The element-wise functions: of one element x, of x and the constants A and B, and of two elements a and b.
const (
	Copy Code = iota
	Neg
	Square
	Sqrt
	Abs
	Exp
	Expm1
	Log
	Log1p
	Tanh
	Sigmoid
	Softplus
	Erf
	Sin
	Cos
	ReLU
	Sign
	Step
	Floor
	Ceil
	Round // to the nearest integer, the even one of two
	Reciprocal
	GELU      // x·Φ(x), where Φ is the standard normal distribution function
	GELUSlope // its derivative, Φ(x) + x·φ(x)
	Half      // rounded to half precision
	BFloat    // rounded to bfloat16
	ZeroNaN   // 0 where x is NaN
	Scale     // A·x
	Shift     // x + A
	Power     // x^A
	LeakyReLU // x > 0 ? x : A·x
	ELU       // x > 0 ? x : A·(exp(x) - 1)
	Clip      // to [A, B]
	InRange   // A <= x <= B ? 1 : 0
	Add
	Sub
	Mul
	Div
	Max
	Min
	Pow // a^b; for A > 0 its A-th derivative by a, b·(b-1)·…·(b-A+1)·a^(b-A), which is 0 where the factor before the power is 0
	Greater
	GreaterEqual
	Equal
	Xlogy         // a·log(b), 0 where a is 0
	Xmul          // a·b, 0 where a is 0, even if b is infinite
	Mod           // a - ⌊a/b⌋·b
	Logistic      // softplus(a) - a·b, which does not cancel; simplify makes it
	TanhGrad      // g·(1 - y²), for gradient g and output y
	SigmoidGrad   // g·y·(1 - y)
	ReLUGrad      // y > 0 ? g : 0
	LeakyReLUGrad // y > 0 ? g : A·g
	codeCount
)

// codeNames are named after the methods of graph.Node, for errors and pictures.
var codeNames = [codeCount]string{
	Copy: "Copy", Neg: "Neg", Square: "Square", Sqrt: "Sqrt", Abs: "Abs", Exp: "Exp", Expm1: "Expm1", Log: "Log",
	Log1p: "Log1p", Tanh: "Tanh", Sigmoid: "Sigmoid", Softplus: "Softplus", Erf: "Erf", Sin: "Sin", Cos: "Cos",
	ReLU: "ReLU", Sign: "Sign", Step: "Step", Floor: "Floor", Ceil: "Ceil", Round: "Round", Reciprocal: "Reciprocal", GELU: "GELU",
	GELUSlope: "GELUSlope", Half: "Half", BFloat: "BFloat", ZeroNaN: "ZeroNaN", Scale: "Scale", Shift: "Shift", Power: "PowScalar", LeakyReLU: "LeakyReLU", ELU: "ELU",
	Clip: "Clip", InRange: "InRange", Add: "Add", Sub: "Sub", Mul: "Mul", Div: "Div", Max: "Maximum", Min: "Minimum",
	Pow: "Pow", Greater: "Greater", GreaterEqual: "GreaterEqual", Equal: "Equal", Xlogy: "Xlogy", Xmul: "Xmul",
	Mod: "Mod", Logistic: "Logistic", TanhGrad: "TanhGrad",
	SigmoidGrad: "SigmoidGrad", ReLUGrad: "ReLUGrad", LeakyReLUGrad: "LeakyReLUGrad",
}

// String returns the function's name.
func (c Code) String() string { return codeNames[c] }

// Arity returns the number of the function's arguments.
func (c Code) Arity() int {
	if c >= Add {
		return 2
	}
	return 1
}

// Map applies a function to each element of its inputs, which are broadcast to one shape.
type Map struct {
	Code Code
	A, B float64
}

// String implements Def.
func (m Map) String() string {
	switch m.Code {
	case Scale, Shift, Power, LeakyReLU, LeakyReLUGrad, ELU:
		return fmt.Sprintf("%s(%v)", m.Code, m.A)
	case Clip, InRange:
		return fmt.Sprintf("%s(%v, %v)", m.Code, m.A, m.B)
	case Pow:
		if m.A > 0 {
			return fmt.Sprintf("Pow(%v)", m.A)
		}
	}
	return m.Code.String()
}

// Infer implements Def.
func (m Map) Infer(in [][]int) ([]int, error) {
	if len(in) == 1 {
		return in[0], nil
	}
	return BroadcastShapes(in[0], in[1])
}

// Bind implements Def: a Map is a chain of one function.
func (m Map) Bind(o *Op) Kernel { return single(m).Bind(o) }

// function returns the kernel of m on slices of equal length; a function of one argument ignores b.
func function[T kernels.Float](m Map) func(dst, a, b []T) {
	if m.Code.Arity() == 2 {
		return binary[T](m)
	}
	f := unary[T](m)
	return func(dst, a, _ []T) { f(dst, a) }
}

func unary[T kernels.Float](m Map) func(dst, x []T) {
	a, b := T(m.A), T(m.B)
	switch m.Code {
	case Copy:
		return func(dst, x []T) { copy(dst, x) }
	case Scale:
		return func(dst, x []T) { kernels.Scale(dst, x, a) }
	case Shift:
		return func(dst, x []T) { kernels.Shift(dst, x, a) }
	case Power:
		return func(dst, x []T) { kernels.PowScalar(dst, x, m.A) }
	case LeakyReLU:
		return func(dst, x []T) { kernels.LeakyReLU(dst, x, a) }
	case ELU:
		return func(dst, x []T) { kernels.ELU(dst, x, a) }
	case Clip:
		return func(dst, x []T) { kernels.Clip(dst, x, a, b) }
	case InRange:
		return func(dst, x []T) { kernels.InRange(dst, x, a, b) }
	}
	return map[Code]func(dst, x []T){
		Neg: kernels.Neg[T], Square: kernels.Square[T], Sqrt: kernels.Sqrt[T], Abs: kernels.Abs[T], Exp: kernels.Exp[T],
		Expm1: kernels.Expm1[T], Log: kernels.Log[T], Log1p: kernels.Log1p[T], Tanh: kernels.Tanh[T],
		Sigmoid: kernels.Sigmoid[T], Softplus: kernels.Softplus[T], Erf: kernels.Erf[T], Sin: kernels.Sin[T],
		Cos: kernels.Cos[T], ReLU: kernels.ReLU[T], Sign: kernels.Sign[T], Step: kernels.Step[T], Floor: kernels.Floor[T],
		Ceil: kernels.Ceil[T], Round: kernels.Round[T], Reciprocal: kernels.Reciprocal[T], GELU: kernels.GELU[T], GELUSlope: kernels.GELUSlope[T],
		Half: kernels.RoundHalf[T], BFloat: kernels.RoundBFloat[T], ZeroNaN: kernels.ZeroNaN[T],
	}[m.Code]
}

func binary[T kernels.Float](m Map) func(dst, a, b []T) {
	switch {
	case m.Code == LeakyReLUGrad:
		slope := T(m.A)
		return func(dst, g, y []T) { kernels.LeakyReLUGrad(dst, g, y, slope) }
	case m.Code == Pow && m.A > 0:
		return func(dst, a, b []T) { kernels.PowSlope(dst, a, b, int(m.A)) }
	}
	return map[Code]func(dst, a, b []T){
		Add: kernels.Add[T], Sub: kernels.Sub[T], Mul: kernels.Mul[T], Div: kernels.Div[T], Max: kernels.Max[T],
		Min: kernels.Min[T], Pow: kernels.Pow[T], Greater: kernels.Greater[T], GreaterEqual: kernels.GreaterEqual[T],
		Equal: kernels.Equal[T], Xlogy: kernels.Xlogy[T], Xmul: kernels.Xmul[T], Mod: kernels.Mod[T], Logistic: kernels.Logistic[T],
		TanhGrad: kernels.TanhGrad[T], SigmoidGrad: kernels.SigmoidGrad[T], ReLUGrad: kernels.ReLUGrad[T],
	}[m.Code]
}
