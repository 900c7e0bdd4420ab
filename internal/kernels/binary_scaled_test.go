package kernels

import (
	"math"
	"testing"
)

// TestLogistic compares with t·softplus(-z) + (1-t)·softplus(z), which does not cancel, for targets from 0 to 1.
func TestLogistic(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testLogistic[float32](t, 3)
		testLogistic[float64](t, 3)
	})
}

func testLogistic[T Float](t *testing.T, ulps float64) {
	inf := math.Inf(1)
	var z, target []T
	for _, target1 := range []float64{0, 1, 0.3} {
		for _, v := range []float64{0, 1e-40, 1e-20, 1e-3, 0.5, 1, 3, 10, 17, 40, 90, 1e3, 1e20, 1e38} {
			z, target = append(z, T(v), T(-v)), append(target, T(target1), T(target1))
		}
	}
	z, target = append(z, T(-inf), T(math.NaN()), 1), append(target, 0, 0, T(math.NaN()))
	got := make([]T, len(z))
	Logistic(got, z, target)
	for i, y := range got {
		a, b := float64(z[i]), float64(target[i])
		want := b*softplus(-a) + (1-b)*softplus(a)
		if a == -inf {
			want = 0
		}
		if !(ulpsApart(y, want) <= ulps) {
			t.Errorf("Logistic(%g, %g): got %g, want %g", z[i], target[i], y, want)
		}
	}
}
