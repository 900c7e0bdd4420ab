// Package formulas describes the mathematical functions of package kernels, and the steps of recurrent networks, once for all
// generators: a [Machine] writes each step in its instructions.
//
// What is around the formulas is described beside the instructions of each machine: how a kernel loops, addresses its slices and treats
// their ends. avo has registers of two widths, masks for the end of a slice and operands in memory; NEON has neither, and its elements at
// the end go one by one or through a copy; WebAssembly has locals and structured loops in place of registers and jumps. A description
// for all three would be longer than the three, and harder to read. Kernels that only move elements or that follow the size of a tile are
// different for the same reason.
package formulas

// A Machine writes steps on vectors of float32, or of integers of 32 bits. V is a vector, or a constant that the step loads; M is the
// result of a comparison. A machine may round a product and a sum together or one after the other, as portable Go does there.
type Machine[V, M any] interface {
	K(x float64) V      // a vector filled with a number
	Bits(bits uint32) V // a vector filled with 32 bits

	Add(a, b V) V
	Sub(a, b V) V
	Mul(a, b V) V
	Div(a, b V) V

	// The first argument of these three is not used afterwards.
	MulAdd(a, b, c V) V // a·b + c
	AddMul(c, a, b V) V // c + a·b
	SubMul(c, a, b V) V // c - a·b

	Horner(x V, c []float32) V // the polynomial with these coefficients, the highest power first

	Neg(x V) V
	Abs(x V) V
	Sign(x V) V   // the bit of the sign
	And(a, b V) V // of bits
	Or(a, b V) V
	Xor(a, b V) V
	ReLU(x V) V                  // max(x, 0); NaN stays NaN
	AtMost(x V, hi float64) V    // min(x, hi) of x ≥ 0; NaN stays NaN
	Clamp(x V, lo, hi float64) V // min(max(x, lo), hi); NaN stays NaN

	Less(a, b V) M
	Greater(a, b V) M
	Equal(a, b V) M
	Positive(x V) M
	Negative(x V) M
	Zero(x V) M
	Choose(m M, yes, no V) V // yes where m holds, and no elsewhere
	Keep(m M, v V) V         // v where m holds, and 0 elsewhere
	NotZero(t, v V) V        // v where t is not 0, and 0 elsewhere
	From0(u, v V) V          // v where u ≥ 0, and NaN elsewhere

	AddInt(a, b V) V
	SubInt(a, b V) V
	MinInt(a, b V) V
	ShiftLeft(a V, by int) V
	ShiftRight(a V, by int) V // keeps the sign
	ToFloat(a V) V

	Ln2() (hi, lo float64) // ln 2 as a sum; a product of hi and an exponent is exact, or fused with a sum
	Scale(p, t, n V) V     // p·2ⁿ, which may be denormal; n is a number, and the low bits of t
}
