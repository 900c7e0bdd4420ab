package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestDistances compares distances with those in double precision, for rows of any size at any alignment, and those of rows from
// themselves with those from a copy.
func TestDistances(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testDistances[float32](t, 3e-7)
		testDistances[float64](t, 1e-14)
	})
}

func testDistances[T Float](t *testing.T, bound float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	for cols := range 70 {
		rows, more := 1+rng.IntN(5), rng.IntN(4)
		a, b := make([]T, rows*cols+1)[1:], make([]T, more*cols+2)[2:]
		for _, x := range [][]T{a, b} {
			for i := range x {
				x[i] = T(rng.NormFloat64() * math.Exp(3*rng.NormFloat64()))
			}
		}
		dst := make([]T, rows*more)
		half := rows / 2
		Distances(dst, a, b, half, rows, more, cols)
		Distances(dst, a, b, 0, half, more, cols)
		for i := range rows {
			for j := range more {
				want := 0.0
				for k := range cols {
					want = math.Hypot(want, float64(a[i*cols+k])-float64(b[j*cols+k]))
				}
				if got := float64(dst[i*more+j]); math.Abs(got-want) > bound*want {
					t.Fatalf("rows %d and %d of %d elements: got %g, want %g", i, j, cols, got, want)
				}
			}
		}
		own, other := make([]T, rows*rows), make([]T, rows*rows)
		OwnDistances(own, a, 0, half, rows, cols)
		OwnDistances(own, a, half, rows, rows, cols)
		Distances(other, a, append([]T(nil), a...), 0, rows, rows, cols)
		for i, v := range own {
			if v != other[i] {
				t.Fatalf("distance %d of %d rows of %d elements: got %g, want %g", i, rows, cols, v, other[i])
			}
		}
	}
}

// TestDistancesOfExtremes: squares neither overflow nor underflow; infinities and NaN give what the norm of a difference gives.
func TestDistancesOfExtremes(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testExtremeDistances[float32](t, 1e38, 1e-40)
		testExtremeDistances[float64](t, 1e308, 1e-310)
	})
}

func testExtremeDistances[T Float](t *testing.T, large, small float64) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct{ a, b, want float64 }{
		{large, -large / 4, large * 1.25}, {small, 3 * small, 2 * small}, {large, large, 0}, {inf, 1, inf}, {1, -inf, inf},
		{inf, inf, nan}, {nan, 1, nan}, {inf, nan, nan},
	} {
		for cols := 1; cols < 40; cols += 3 {
			a, b := make([]T, cols), make([]T, cols)
			a[cols/2], b[cols/2] = T(c.a), T(c.b)
			got := []T{1}
			Distances(got, a, b, 0, 1, 1, cols)
			v, want := float64(got[0]), float64(T(c.want))
			if v != v && want != want || v == want || math.Abs(v-want) <= 1e-6*want || math.Abs(v-want) <= 4*math.SmallestNonzeroFloat32 && small > 1e-100 {
				continue
			}
			t.Fatalf("%g and %g, %d elements: got %g, want %g", c.a, c.b, cols, v, want)
		}
	}
}
