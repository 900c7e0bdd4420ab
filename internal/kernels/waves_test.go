package kernels

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/internal/kernels/coefficients"
)

// waveCases are the functions whose vector form does not serve every element.
func waveCases() []kernelCase[float32] {
	return []kernelCase[float32]{one("Sin", waveUlps, Sin[float32], math.Sin), one("Cos", waveUlps, Cos[float32], math.Cos)}
}

// waveUlps is the bound of the errors of Sin and Cos.
const waveUlps = 1

// TestWavesNearMultiples: next to the multiples of π/2, where most digits of the reduced argument cancel, the errors are within the bound,
// and no result is beyond 1. The last multiples are beyond the largest argument of the formula.
func TestWavesNearMultiples(t *testing.T) {
	var x []float32
	for n := 0.0; n*math.Pi/2 < coefficients.WaveLargest+100; n++ {
		for _, part := range []float64{0, 0.5} {
			v := float32((n + part) * math.Pi / 2)
			for range 3 {
				x = append(x, v, -v)
				v = math.Nextafter32(v, math.MaxFloat32)
			}
		}
	}
	y := make([]float32, len(x))
	eachISA(t, func(t *testing.T) {
		for _, c := range waveCases() {
			c.run(y, x, nil)
			for i, v := range x {
				if u := ulpsApart(y[i], c.ref(float64(v), 0)); !(u <= c.ulps) || abs32(y[i]) > 1 {
					t.Fatalf("%s(%g): got %g, want %g: %.3f ulp", c.name, v, y[i], c.ref(float64(v), 0), u)
				}
			}
		}
	})
}

// TestFarElements: elements beyond the range of a formula get the results of package math, in place as well, and the bits of the elements
// beside them do not change.
func TestFarElements(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testElementwise(t, waveCases())
		for _, c := range waveCases() {
			x, near, far := make([]float32, 3*waveBlock/2), make([]float32, 3*waveBlock/2), make([]float32, 3*waveBlock/2)
			for i := range x {
				x[i] = float32(i)/7 - 300
			}
			c.run(near, x, nil)
			for _, v := range []float32{1.5e4, -1e30, float32(math.Inf(1)), float32(math.NaN()), math.Nextafter32(coefficients.WaveLargest, 1e9)} {
				for _, at := range []int{0, 1, waveFew, waveBlock - 1, waveBlock, len(x) - 1} {
					copy(far, x)
					far[at] = v
					c.run(far, far, nil)
					for i, got := range far {
						want := near[i]
						if i == at {
							want = float32(c.ref(float64(v), 0))
						}
						if math.Float32bits(got) != math.Float32bits(want) && (got == got || want == want) {
							t.Fatalf("%s with %g at %d: element %d: got %g, want %g", c.name, v, at, i, got, want)
						}
					}
				}
			}
		}
	})
}
