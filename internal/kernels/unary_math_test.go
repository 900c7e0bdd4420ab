package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// mathCases are the functions whose float32 form is an approximation, with the bound of the error.
func mathCases() []kernelCase[float32] {
	return []kernelCase[float32]{
		one("Exp", 1.5, Exp[float32], math.Exp),
		one("Expm1", 1.7, Expm1[float32], math.Expm1),
		one("Log", 1.5, Log[float32], math.Log),
		one("Log1p", 1.5, Log1p[float32], math.Log1p),
		one("Tanh", 2, Tanh[float32], math.Tanh),
		one("Sigmoid", 2.2, Sigmoid[float32], sigmoid),
		one("Softplus", 2, Softplus[float32], softplus),
		one("Erf", 1.5, Erf[float32], math.Erf),
		one("Sin", waveUlps, Sin[float32], math.Sin),
		one("Cos", waveUlps, Cos[float32], math.Cos),
		one("PowScalar3", 1.5, func(dst, x []float32) { PowScalar(dst, x, 3) }, func(x float64) float64 { return x * x * x }),
		one("PowScalar-½", 1.5, func(dst, x []float32) { PowScalar(dst, x, -0.5) }, func(x float64) float64 { return 1 / math.Abs(math.Sqrt(x)) }),
		one("PowScalar0.3", powUlps, func(dst, x []float32) { PowScalar(dst, x, 0.3) }, func(x float64) float64 { return math.Pow(x, 0.3) }),
		withScalar("ELU", 2.5, float32(1.7), ELU[float32], func(x, alpha float64) float64 {
			if x > 0 {
				return x
			}
			return alpha * math.Expm1(x)
		}),
	}
}

// TestMathAccuracy sweeps the bits of float32, which covers all magnitudes evenly, with denormals, infinities and NaNs, and
// then, densely, the interval where the functions bend.
func TestMathAccuracy(t *testing.T) {
	var x []float32
	step := uint64(9001)
	if testing.Short() {
		step = 400009
	}
	for bits := uint64(0); bits < 1<<32; bits += step {
		x = append(x, math.Float32frombits(uint32(bits)))
	}
	for v := float32(-110); v < 110; v += float32(step) * 1e-7 {
		x = append(x, v)
	}
	x = append(x, specials[float32]()...)
	y := make([]float32, len(x))
	eachISA(t, func(t *testing.T) {
		for _, c := range mathCases() {
			c.run(y, x, nil)
			worst, at := -1.0, float32(0)
			for i, v := range x {
				if u := ulpsApart(y[i], c.ref(float64(v), 0)); u > worst {
					worst, at = u, v
				}
			}
			t.Logf("%-12s %.3f ulp at %g", c.name, worst, at)
			if !(worst <= c.ulps) {
				c.run(y[:1], []float32{at}, nil)
				t.Errorf("%s(%g): got %g, want %g: %.3f ulp, more than %.2f", c.name, at, y[0], c.ref(float64(at), 0), worst, c.ulps)
			}
		}
	})
}

// geluCases are the functions whose error has a bound of another kind.
func geluCases() []kernelCase[float32] {
	return []kernelCase[float32]{one("GELU", 0, GELU[float32], gelu), one("GELUSlope", 0, GELUSlope[float32], geluSlope)}
}

func TestGELUAccuracy(t *testing.T) {
	x := specials[float32]()
	for v := float32(-20); v < 20; v += 1e-4 {
		x = append(x, v)
	}
	for e := -120; e < 128; e++ {
		x = append(x, float32(math.Ldexp(1.1, e)), -float32(math.Ldexp(1.1, e)))
	}
	y := make([]float32, len(x))
	eachISA(t, func(t *testing.T) {
		for _, c := range geluCases() {
			c.run(y, x, nil)
			for i, v := range x {
				want, bound := c.ref(float64(v), 0), 3e-7
				if c.name == "GELU" {
					bound = 5e-7*math.Abs(want) + 1e-37
					if v < 0 {
						bound *= 1 + float64(v*v)/16
					}
				}
				got := float64(y[i])
				if near := math.Abs(got-want) <= bound; !near && got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("%s(%g): got %g, want %g", c.name, v, got, want)
				}
			}
		}
	})
}

func TestMathFloat64(t *testing.T) {
	testElementwise(t, []kernelCase[float64]{
		one("Exp", 0, Exp[float64], math.Exp),
		one("Log", 0, Log[float64], math.Log),
		one("Tanh", 0, Tanh[float64], math.Tanh),
		one("Erf", 0, Erf[float64], math.Erf),
		two("Pow", 0, Pow[float64], math.Pow),
	})
}

// TestSubnormalLog checks logarithms and powers of the smallest float64 numbers, also of those near the smallest normal one.
func TestSubnormalLog(t *testing.T) {
	close := func(got, want, tolerance float64) bool {
		return got == want || math.Abs(got-want) <= tolerance*math.Abs(want)
	}
	one := []float64{1}
	for _, m := range []float64{1, 1.25, 1.5, 1.999} {
		for e := -1074; e <= -1018; e++ {
			x := []float64{math.Ldexp(m, e)}
			f, n := math.Frexp(x[0])
			log := float64(n)*math.Ln2 + math.Log(f)
			y := []float64{0}
			for name, run := range map[string]func(){"Log": func() { Log(y, x) }, "Xlogy": func() { Xlogy(y, one, x) }} {
				if run(); !close(y[0], log, 5e-16) {
					t.Errorf("%s(%g): got %v, want %v", name, x[0], y[0], log)
				}
			}
			for _, p := range []float64{0.3, -0.3, 0.5, -0.5, 0.75, 0.99, -0.9, 1.01} {
				whole, rest := math.Modf(p * float64(n))
				want := math.Ldexp(math.Exp2(rest)*math.Pow(f, p), int(whole))
				got := map[string]float64{}
				PowScalar(y, x, p)
				got["PowScalar"] = y[0]
				Pow(y, x, []float64{p})
				got["Pow"] = y[0]
				PowSlope(y, x, []float64{p + 1}, 1)
				got["PowSlope"] = y[0] / (p + 1)
				for name, v := range got {
					if !close(v, want, 1e-12) {
						t.Errorf("%s(%g, %v): got %v, want %v", name, x[0], p, v, want)
					}
				}
			}
			for _, p := range []float64{0, 1, 2, -1, math.Inf(1), math.Inf(-1)} {
				if Pow(y, x, []float64{p}); y[0] != math.Pow(x[0], p) {
					t.Errorf("Pow(%g, %v): got %v, want %v", x[0], p, y[0], math.Pow(x[0], p))
				}
			}
		}
	}
}

// TestPositionDoesNotMatter cuts a slice at every position and wants the same bits in all elements.
func TestPositionDoesNotMatter(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 4))
		cases := slices.Concat(mathCases(), geluCases(), powCases(), exactCases[float32]())
		for _, c := range cases {
			const n = 53
			a, b := someValues[float32](rng, n), someValues[float32](rng, n)
			whole, parts := make([]float32, n), make([]float32, n)
			c.run(whole, a, b)
			for cut := range n {
				c.run(parts[:cut], a[:cut], b[:cut])
				c.run(parts[cut:], a[cut:], b[cut:])
				for i, v := range parts {
					if math.Float32bits(v) != math.Float32bits(whole[i]) {
						t.Fatalf("%s(%g, %g): %g in a slice cut at %d, %g in the whole", c.name, a[i], b[i], v, cut, whole[i])
					}
				}
			}
		}
	})
}
