package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestNormalRuns: runs have the values of Normalize and NormalGrad, nothing beside them is written, and it does not matter how far ahead
// they prefetch.
func TestNormalRuns(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testNormalRuns[float32](t)
		testNormalRuns[float64](t)
	})
}

func testNormalRuns[T Float](t *testing.T) {
	const guard = -77
	rng := rand.New(rand.NewPCG(1, 2))
	for _, runs := range []int{0, 1, 2, 5} {
		for _, run := range []int{0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 49, 63, 64, 65, 95, 100, 196, 784} {
			n := runs * run
			x, d := someValues[T](rng, n), someValues[T](rng, n)
			var c [4][]T
			for i := range c {
				c[i] = someValues[T](rng, runs)
			}
			got, grad, want, wantGrad := make([]T, n+1), make([]T, n+1), make([]T, n), make([]T, n)
			got[n], grad[n] = guard, guard
			for i := range runs {
				at, end := i*run, (i+1)*run
				Normalize(want[at:end], x[at:end], c[0][i], c[1][i], c[2][i])
				NormalGrad(wantGrad[at:end], d[at:end], x[at:end], c[0][i], c[1][i], c[2][i], c[3][i])
			}
			for _, ahead := range []int{0, n, 1 << 20} {
				NormalizeRuns(got[:n], x, c[0], c[1], c[2], run, ahead)
				NormalGradRuns(grad[:n], d, x, c[0], c[1], c[2], c[3], run, ahead)
				where := fmt.Sprintf("%d runs of %d, %d ahead", runs, run, ahead)
				if got[n] != guard || grad[n] != guard {
					t.Fatalf("%s: got %v and %v after the end, want them left alone", where, got[n], grad[n])
				}
				for i, w := range want {
					if v := got[i]; v != w && (v == v || w == w) {
						t.Fatalf("NormalizeRuns, %s: element %d: got %v, want %v", where, i, v, w)
					}
					if v, w := grad[i], wantGrad[i]; v != w && (v == v || w == w) {
						t.Fatalf("NormalGradRuns, %s: element %d: got %v, want %v", where, i, v, w)
					}
				}
			}
		}
	}
}
