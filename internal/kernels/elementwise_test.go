package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A kernelCase is an element-wise kernel with the function of real numbers that it computes and its largest error in units in
// the last place. ref reads one or two inputs; in is their number.
type kernelCase[T Float] struct {
	name string
	in   int
	ulps float64
	run  func(dst, a, b []T)
	ref  func(a, b float64) float64
}

func one[T Float](name string, ulps float64, run func(dst, x []T), ref func(x float64) float64) kernelCase[T] {
	return kernelCase[T]{name, 1, ulps, func(dst, a, _ []T) { run(dst, a) }, func(a, _ float64) float64 { return ref(a) }}
}

func withScalar[T Float](name string, ulps float64, c T, run func(dst, x []T, c T), ref func(x, c float64) float64) kernelCase[T] {
	return kernelCase[T]{name, 1, ulps, func(dst, a, _ []T) { run(dst, a, c) }, func(a, _ float64) float64 { return ref(a, float64(c)) }}
}

func two[T Float](name string, ulps float64, run func(dst, a, b []T), ref func(a, b float64) float64) kernelCase[T] {
	return kernelCase[T]{name, 2, ulps, run, ref}
}

// indicator returns a comparison that gives 1, 0, or NaN if either side is NaN.
func indicator(holds func(a, b float64) bool) func(a, b float64) float64 {
	return func(a, b float64) float64 {
		switch {
		case math.IsNaN(a) || math.IsNaN(b):
			return math.NaN()
		case holds(a, b):
			return 1
		}
		return 0
	}
}

func isGreater(a, b float64) bool      { return a > b }
func isGreaterEqual(a, b float64) bool { return a >= b }
func isLess(a, b float64) bool         { return a < b }
func isLessEqual(a, b float64) bool    { return a <= b }
func isEqual(a, b float64) bool        { return a == b }

// choice returns a if x > 0, b if x ≤ 0, and NaN if x is NaN.
func choice(x, a, b float64) float64 {
	switch {
	case x > 0:
		return a
	case x <= 0:
		return b
	}
	return math.NaN()
}

func signOf(x float64) float64 {
	if x == 0 {
		return 0
	}
	return choice(x, 1, -1)
}

// exactCases are the kernels that round at most once. The reference is computed in double precision and rounded.
func exactCases[T Float]() []kernelCase[T] {
	cases := []kernelCase[T]{
		one("Neg", 0, Neg[T], func(x float64) float64 { return -x }),
		one("Abs", 0, Abs[T], math.Abs),
		one("Square", 0, Square[T], func(x float64) float64 { return x * x }),
		one("Sqrt", 0, Sqrt[T], math.Sqrt),
		one("Reciprocal", 0, Reciprocal[T], func(x float64) float64 { return 1 / x }),
		one("Floor", 0, Floor[T], math.Floor),
		one("Sign", 0, Sign[T], signOf),
		one("Step", 0, Step[T], func(x float64) float64 { return choice(x, 1, 0) }),
		one("ReLU", 0, ReLU[T], func(x float64) float64 {
			if x < 0 {
				return 0
			}
			return x // also -0
		}),
		one("PowScalar2", 0, func(dst, x []T) { PowScalar(dst, x, 2) }, func(x float64) float64 { return x * x }),
		one("PowScalar½", 0, func(dst, x []T) { PowScalar(dst, x, 0.5) }, math.Sqrt),
		one("PowScalar1", 0, func(dst, x []T) { PowScalar(dst, x, 1) }, func(x float64) float64 { return x }),
		one("PowScalar-1", 0, func(dst, x []T) { PowScalar(dst, x, -1) }, func(x float64) float64 { return 1 / x }),
		one("Clip", 0, func(dst, x []T) { Clip(dst, x, -1, 2.5) }, func(x float64) float64 { return min(max(x, -1), 2.5) }),
		one("InRange", 0, func(dst, x []T) { InRange(dst, x, -1, 2.5) }, func(x float64) float64 {
			return indicator(isLessEqual)(-1, x) * indicator(isLessEqual)(x, 2.5)
		}),
		two("Xmul", 0, Xmul[T], func(a, b float64) float64 {
			if a == 0 && !math.IsNaN(b) {
				return 0
			}
			return a * b
		}),
		two("Xlogy", 2.5, Xlogy[T], func(a, b float64) float64 {
			if a == 0 && !math.IsNaN(b) {
				return 0
			}
			return a * math.Log(b)
		}),
		two("PowSlope", 0, func(dst, a, b []T) { PowSlope(dst, a, b, 1) }, func(a, b float64) float64 {
			if b == 0 {
				return 0
			}
			return b * math.Pow(a, b-1)
		}),
		two("PowSlope2", 0, func(dst, a, b []T) { PowSlope(dst, a, b, 2) }, func(a, b float64) float64 {
			if c := b * (b - 1); c != 0 {
				return c * math.Pow(a, b-2)
			}
			return 0
		}),
		two("Add", 0, Add[T], func(a, b float64) float64 { return a + b }),
		two("Sub", 0, Sub[T], func(a, b float64) float64 { return a - b }),
		two("Mul", 0, Mul[T], func(a, b float64) float64 { return a * b }),
		two("Div", 0, Div[T], func(a, b float64) float64 { return a / b }),
		two("Max", 0, Max[T], func(a, b float64) float64 { return max(a, b) }),
		two("Min", 0, Min[T], func(a, b float64) float64 { return min(a, b) }),
		two("Greater", 0, Greater[T], indicator(isGreater)),
		two("GreaterEqual", 0, GreaterEqual[T], indicator(isGreaterEqual)),
		two("Equal", 0, Equal[T], indicator(isEqual)),
		two("ReLUGrad", 0, ReLUGrad[T], func(g, y float64) float64 { return choice(y, g, 0) }),
	}
	for _, c := range []T{2.5, 0, T(math.Copysign(0, -1)), -1e-30, T(math.Inf(1)), T(math.NaN())} {
		cases = append(cases,
			withScalar("Scale", 0, c, Scale[T], func(x, c float64) float64 { return c * x }),
			withScalar("Shift", 0, c, Shift[T], func(x, c float64) float64 { return x + c }),
			withScalar("SubScalarLeft", 0, c, func(dst, x []T, c T) { SubScalarLeft(dst, c, x) }, func(x, c float64) float64 { return c - x }),
			withScalar("DivScalarLeft", 0, c, func(dst, x []T, c T) { DivScalarLeft(dst, c, x) }, func(x, c float64) float64 { return c / x }),
			withScalar("DivScalar", 0, c, DivScalar[T], func(x, c float64) float64 { return x / c }),
			withScalar("LeakyReLU", 0, c, LeakyReLU[T], func(x, c float64) float64 { return choice(x, x, c*x) }),
			withScalar("GreaterScalar", 0, c, GreaterScalar[T], indicator(isGreater)),
			withScalar("GreaterEqualScalar", 0, c, GreaterEqualScalar[T], indicator(isGreaterEqual)),
			withScalar("LessScalar", 0, c, LessScalar[T], indicator(isLess)),
			withScalar("LessEqualScalar", 0, c, LessEqualScalar[T], indicator(isLessEqual)),
			withScalar("EqualScalar", 0, c, EqualScalar[T], indicator(isEqual)),
			withScalar("MaxScalar", 0, c, MaxScalar[T], func(a, b float64) float64 { return max(a, b) }),
			withScalar("MinScalar", 0, c, MinScalar[T], func(a, b float64) float64 { return min(a, b) }),
			two("LeakyReLUGrad", 0, func(dst, g, y []T) { LeakyReLUGrad(dst, g, y, c) }, func(g, y float64) float64 { return choice(y, g, float64(c)*g) }),
		)
	}
	return cases
}

// specials are values at which kernels may fail.
func specials[T Float]() []T {
	inf := T(math.Inf(1))
	tiny, huge := T(math.SmallestNonzeroFloat32), T(math.MaxFloat32)
	return []T{0, T(math.Copysign(0, -1)), 1, -1, 0.5, -0.5, 2.5, 88, -88, 89, -104, 1e-30, -1e-30, 1e30, -1e30,
		inf, -inf, T(math.NaN()), tiny, -tiny, 1000 * tiny, smallestNormal[T](), -smallestNormal[T](), huge, -huge}
}

// someValues returns n numbers: specials and numbers of all magnitudes.
func someValues[T Float](rng *rand.Rand, n int) []T {
	special, x := specials[T](), make([]T, n)
	for i := range x {
		if rng.IntN(3) == 0 {
			x[i] = special[rng.IntN(len(special))]
		} else {
			x[i] = T(rng.NormFloat64() * math.Exp(10*rng.NormFloat64()))
		}
	}
	return x
}

// ulpsApart returns the distance of got from want in units in the last place of T at want. It is 0 if both are NaN or the same
// infinity, and +Inf if only one of them is NaN or infinite.
func ulpsApart[T Float](got T, want float64) float64 {
	g := float64(got)
	rounded := T(want)
	if got == rounded && math.Signbit(g) == math.Signbit(float64(rounded)) || got != got && math.IsNaN(want) {
		return 0
	}
	if math.IsNaN(g) || math.IsNaN(want) || want == 0 || math.IsInf(want, 0) || math.IsInf(float64(rounded), 0) != math.IsInf(g, 0) {
		return math.Inf(1)
	}
	_, e := math.Frexp(want)
	if single[T]() {
		return math.Abs(g-want) / math.Ldexp(1, max(e, -125)-24)
	}
	return math.Abs(g-want) / math.Ldexp(1, max(e, -1021)-53)
}

func TestElementwiseExact(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testElementwise(t, exactCases[float32]())
		testElementwise(t, exactCases[float64]())
	})
}

// testElementwise runs kernels over all lengths up to 70, at every alignment, out of place and in place. It checks each
// element, and those on either side of dst.
func testElementwise[T Float](t *testing.T, cases []kernelCase[T]) {
	rng := rand.New(rand.NewPCG(1, 2))
	const guard = 12345
	for _, c := range cases {
		for n := range 71 {
			a, b := someValues[T](rng, n+3)[rng.IntN(3):][:n], someValues[T](rng, n+3)[rng.IntN(3):][:n]
			room := make([]T, n+20)
			Fill(room, guard)
			at := 8 + rng.IntN(4)
			dst, x, y := room[at:at+n], a, b
			switch rng.IntN(3) {
			case 0:
				copy(dst, a)
				x = dst
			case 1:
				copy(dst, b)
				y = dst
			}
			c.run(dst, x, y)
			for i, got := range room {
				if i < at || i >= at+n {
					if got != guard {
						t.Fatalf("%s: %d elements: wrote outside of dst", c.name, n)
					}
					continue
				}
				va, vb := a[i-at], b[i-at]
				if want := c.ref(float64(va), float64(vb)); !(ulpsApart(got, want) <= c.ulps) {
					t.Fatalf("%s(%g, %g): got %g, want %g", c.name, va, vb, got, want)
				}
			}
		}
	}
}
