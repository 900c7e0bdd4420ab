package kernels

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// manyEqual returns numbers with many equal ones, zeros of both signs, infinities and NaN.
func manyEqual[T Float](rng *rand.Rand, n int, special bool) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(rng.NormFloat64())
		if rng.IntN(2) == 0 {
			x[i] = T(rng.IntN(5) - 2)
		}
		if special {
			x[i] = []T{x[i], 0, T(math.Copysign(0, -1)), T(math.Inf(1)), T(math.Inf(-1)), nan[T](), 5e-45}[rng.IntN(7)]
		}
	}
	return x
}

// lessOf compares numbers as Order does.
func lessOf[T Float](a, b T) int {
	if a != a || b != b {
		return cmp.Compare(bool01(a != a), bool01(b != b))
	}
	return cmp.Compare(a+0, b+0)
}

func bool01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestOrder compares with a stable sort of each column, for lengths on both sides of each method's limit.
func TestOrder(t *testing.T) {
	t.Run("float32", orderTest[float32])
	t.Run("float64", orderTest[float64])
}

func orderTest[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 17, 48, 49, 100, 1000} {
		for _, width := range []int{1, 3} {
			for _, k := range []int{1, 2, 16, 17, n - 1, n} {
				for _, descending := range []bool{false, true} {
					if k < 1 || k > n {
						continue
					}
					x := manyEqual[T](rng, n*width, rng.IntN(2) == 0)
					got, want := make([]T, k*width), make([]T, k*width)
					Order(got, x, width, k, 0, width, descending)
					for c := range width {
						at := make([]int, n)
						for i := range at {
							at[i] = i
						}
						slices.SortStableFunc(at, func(i, j int) int {
							order := lessOf(x[i*width+c], x[j*width+c])
							if descending {
								return -order
							}
							return order
						})
						for i, v := range at[:k] {
							want[i*width+c] = T(v)
						}
					}
					if !slices.Equal(got, want) {
						t.Fatalf("%d rows, %d columns, k %d, descending %v of %v: got %v, want %v", n, width, k, descending, x, got, want)
					}
				}
			}
		}
	}
}

// TestArgExtreme: of equal elements the first counts, and a NaN before any number.
func TestArgExtreme(t *testing.T) {
	nan, inf := nan[float64](), math.Inf(1)
	for _, c := range []struct {
		x        []float64
		max, min float64
	}{
		{[]float64{3}, 0, 0},
		{[]float64{1, 3, -2, 3, -2}, 1, 2},
		{[]float64{0, math.Copysign(0, -1)}, 0, 0},
		{[]float64{-inf, inf}, 1, 0},
		{[]float64{1, nan, 5, nan}, 1, 1},
		{[]float64{nan, nan}, 0, 0},
		{[]float64{inf, 2, nan}, 2, 2},
	} {
		for _, width := range []int{1, 3} {
			wide, got := make([]float64, len(c.x)*width), make([]float64, width)
			for i, v := range c.x {
				wide[i*width+width-1] = v
			}
			for smallest, want := range map[bool]float64{false: c.max, true: c.min} {
				ArgExtreme(got, wide, width, 0, width, smallest)
				if got[width-1] != want {
					t.Errorf("%v, smallest %v: got %v, want %v", c.x, smallest, got[width-1], want)
				}
			}
		}
	}
}

// BenchmarkOrder sorts, and takes the ten largest, of rows of several lengths.
func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{100, 10000, 1000000} {
		for _, k := range []int{10, n} {
			b.Run(fmt.Sprint(k, " of ", n), func(b *testing.B) {
				x, dst := manyEqual[float32](rand.New(rand.NewPCG(1, 2)), n, false), make([]float32, k)
				benchElements(b, n, 1, func() { Order(dst, x, 1, k, 0, 1, true) })
			})
		}
	}
}
