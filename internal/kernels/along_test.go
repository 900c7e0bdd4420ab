package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestCumSumAndRecurrence compares with loops over one column, for widths around the number of columns at once.
func TestCumSumAndRecurrence(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, width := range []int{1, 31, 32, 33, 70} {
		for _, n := range []int{1, 2, 5} {
			a, b := manyEqual[float64](rng, n*width, false), manyEqual[float64](rng, n*width, n == 5)
			for _, reverse := range []bool{false, true} {
				sums, before, products := make([]float64, n*width), make([]float64, n*width), make([]float64, n*width)
				for lo := 0; lo < width; lo += 40 { // as two workers would
					hi := min(lo+40, width)
					CumSum(sums, b, width, lo, hi, false, reverse)
					CumSum(before, b, width, lo, hi, true, reverse)
					Recurrence(products, a, b, width, lo, hi, reverse)
				}
				for c := range width {
					sum, y := 0.0, 0.0
					for i := range n {
						at := i*width + c
						if reverse {
							at = (n-1-i)*width + c
						}
						if i == 0 {
							y = b[at]
						} else {
							y = float64(a[at]*y) + b[at]
						}
						for _, p := range [][2]float64{{before[at], sum}, {sums[at], sum + b[at]}, {products[at], y}} {
							if p[0] != p[1] && (p[0] == p[0] || p[1] == p[1]) {
								t.Fatalf("width %d, row %d, column %d, reverse %v: got %v, want %v", width, i, c, reverse, p[0], p[1])
							}
						}
						sum += b[at]
					}
				}
			}
		}
	}
}

// TestTrilu checks each element, for parts of a matrix and diagonals outside it.
func TestTrilu(t *testing.T) {
	const rows, width = 4, 3
	x := make([]float32, rows*width)
	for i := range x {
		x[i] = float32(i + 1)
	}
	x[2], x[9] = nan[float32](), nan[float32]()
	for k := -rows; k <= width; k++ {
		for _, upper := range []bool{false, true} {
			got := make([]float32, rows*width)
			for first := 0; first < rows; first += 3 {
				last := min(first+3, rows)
				Trilu(got[first*width:last*width], x[first*width:last*width], width, first, k, upper)
			}
			for i, v := range got {
				want := x[i]
				if d := i%width - i/width; d > k && !upper || d < k && upper {
					want = 0
				}
				if v != want && (v == v || want == want) {
					t.Fatalf("k %d, upper %v: element %d: got %v, want %v", k, upper, i, v, want)
				}
			}
		}
	}
}

// TestMod compares with exact fractions, and checks what is not finite.
func TestMod(t *testing.T) {
	t.Run("float32", modTest[float32])
	t.Run("float64", modTest[float64])
	inf, nan := math.Inf(1), nan[float64]()
	a, b := []float64{3, -3, inf, 1, nan, 1, math.Copysign(0, -1), 6}, []float64{inf, inf, 2, 0, 1, nan, 1, -3}
	want := []float64{3, inf, nan, nan, nan, nan, 0, 0}
	got := make([]float64, len(a))
	Mod(got, a, b)
	for i, v := range got {
		if v != want[i] && (v == v || want[i] == want[i]) {
			t.Errorf("%v mod %v: got %v, want %v", a[i], b[i], v, want[i])
		}
	}
}

func modTest[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		a, b := T(rng.NormFloat64()*math.Pow(10, float64(rng.IntN(16)-5))), T(rng.NormFloat64()*math.Pow(10, float64(rng.IntN(6)-3)))
		if rng.IntN(3) == 0 {
			a = T(rng.IntN(9)-4) * b // a multiple, up to rounding
		}
		got := []T{0}
		Mod(got, []T{a}, []T{b})
		x, y := new(big.Rat).SetFloat64(float64(a)), new(big.Rat).SetFloat64(float64(b))
		q := new(big.Rat).Quo(x, y)
		floor := new(big.Int).Div(q.Num(), q.Denom()) // Euclidean, and the denominator is positive
		exact, _ := x.Sub(x, y.Mul(y, new(big.Rat).SetInt(floor))).Float64()
		if want := T(exact); got[0] != want {
			t.Fatalf("%v mod %v: got %v, want %v", a, b, got[0], want)
		}
	}
}

// TestRound: halves go to the even integer.
func TestRound(t *testing.T) {
	x := []float32{-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999997, 8388609, float32(math.Inf(-1)), nan[float32]()}
	for name, c := range map[string]struct {
		f    func(dst, x []float32)
		want []float32
	}{
		"Round": {Round[float32], []float32{-2, -2, 0, 0, 2, 2, 0, 8388609, float32(math.Inf(-1)), nan[float32]()}},
		"Ceil":  {Ceil[float32], []float32{-2, -1, 0, 1, 2, 3, 1, 8388609, float32(math.Inf(-1)), nan[float32]()}},
	} {
		got := make([]float32, len(x))
		c.f(got, x)
		for i, v := range got {
			if v != c.want[i] && (v == v || c.want[i] == c.want[i]) {
				t.Errorf("%s(%v): got %v, want %v", name, x[i], v, c.want[i])
			}
		}
	}
}
