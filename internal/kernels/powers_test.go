package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// powUlps is the bound of the errors of Pow and PowScalar.
const powUlps = 1.5

// powCases are the powers that the formula serves.
func powCases() []kernelCase[float32] {
	list := []kernelCase[float32]{two("Pow", powUlps, Pow[float32], math.Pow)}
	for _, p := range []float64{0.3, 1.5, -2.7, 4, 5, -3, 17, 1e-9, 1e6 + 1, 1 << 24, 1<<24 + 1, 1e25, -1e25, math.Inf(1), math.Inf(-1), math.NaN(), 0, math.Copysign(0, -1)} {
		list = append(list, one(fmt.Sprintf("PowScalar%g", p), powUlps, func(dst, x []float32) { PowScalar(dst, x, p) },
			func(x float64) float64 { return math.Pow(x, p) }))
	}
	return list
}

func TestPowers(t *testing.T) {
	eachISA(t, func(t *testing.T) { testElementwise(t, powCases()) })
}

// TestPowAccuracy: the errors are within the bound for results of all magnitudes, near 1 and in the middle of the mantissas.
func TestPowAccuracy(t *testing.T) {
	n := 1 << 20
	if testing.Short() {
		n = 1 << 14
	}
	rng := rand.New(rand.NewPCG(5, 6))
	a, b, y := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range a {
		switch i % 4 {
		case 0: // any base
			a[i] = math.Float32frombits(uint32(rng.IntN(0x7f800000)))
		case 1: // next to 1
			a[i] = 1 + float32(math.Ldexp(rng.Float64()-0.5, -rng.IntN(24)))
		default:
			a[i] = float32(math.Exp(rng.NormFloat64()))
		}
		b[i] = float32(160 * (2*rng.Float64() - 1) / math.Log2(float64(a[i]))) // results of all magnitudes
		if i%8 > 3 {
			b[i] = float32(rng.NormFloat64() * 3)
		}
	}
	eachISA(t, func(t *testing.T) {
		Pow(y, a, b)
		worst, at := 0.0, 0
		for i, v := range y {
			if u := ulpsApart(v, math.Pow(float64(a[i]), float64(b[i]))); !(u <= worst) {
				worst, at = u, i
			}
		}
		t.Logf("%.3f ulp at %g, %g", worst, a[at], b[at])
		if !(worst <= powUlps) {
			t.Errorf("Pow(%g, %g): got %g, want %g: %.3f ulp", a[at], b[at], y[at], math.Pow(float64(a[at]), float64(b[at])), worst)
		}
	})
}

// TestPowSpecials: every pair of special values gives the result of math.Pow, beside elements that the formula serves as beside others.
func TestPowSpecials(t *testing.T) {
	values := append(specials[float32](), 2, -2, 3, -3, 1<<24, 1<<24+2, -(1 << 25), 1.5, -1.5, 1+0x1p-23, 1-0x1p-24)
	eachISA(t, func(t *testing.T) {
		for _, a := range values {
			for _, b := range values {
				want, all := math.Pow(float64(a), float64(b)), make([][]float32, 3)
				for k := range all {
					all[k] = make([]float32, 100)
					Fill(all[k], 1.5)
				}
				all[1][99], all[2][99] = a, b
				Pow(all[0], all[1], all[2])
				Pow(all[0][:1], all[1][99:], all[2][99:])
				for _, i := range []int{0, 99} {
					if got := all[0][i]; !(ulpsApart(got, want) <= powUlps) {
						t.Fatalf("Pow(%g, %g) at %d: got %g, want %g", a, b, i, got, want)
					}
				}
			}
		}
	})
}

// TestPowExact: powers that are float32 are exact.
func TestPowExact(t *testing.T) {
	var a, b, want []float32
	for base := 1; base < 300; base++ {
		for p := -20; p <= 20; p++ {
			if v := math.Pow(float64(base), float64(p)); float64(float32(v)) == v {
				a, b, want = append(a, float32(base)), append(b, float32(p)), append(want, float32(v))
			}
		}
	}
	got := make([]float32, len(a))
	eachISA(t, func(t *testing.T) {
		Pow(got, a, b)
		for i, v := range got {
			if v != want[i] {
				t.Fatalf("Pow(%g, %g): got %.9g, want %.9g", a[i], b[i], v, want[i])
			}
		}
	})
}
