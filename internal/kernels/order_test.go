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
	eachISA(t, func(t *testing.T) {
		orderTest[float32](t)
		orderTest[float64](t)
	})
}

func orderTest[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 17, 48, 49, 100, 136, 1000} {
		for _, width := range []int{1, 3, 17} {
			for _, k := range []int{1, 2, 16, 17, 60, n - 1, n} {
				if k < 1 || k > n || testing.Short() && n*width > 2000 {
					continue
				}
				for _, values := range orderings[T]() {
					x := values(rng, n*width, width)
					orderTestOf(t, x, width, k, false)
					orderTestOf(t, x, width, k, true)
				}
			}
		}
	}
}

// orderings return rows of a matrix: random ones, with and without special values, that ascend, that descend, equal ones and NaN.
func orderings[T Float]() []func(rng *rand.Rand, size, width int) []T {
	along := func(f func(i int) T) func(rng *rand.Rand, size, width int) []T {
		return func(_ *rand.Rand, size, width int) []T {
			x := make([]T, size)
			for i := range x {
				x[i] = f(i / width)
			}
			return x
		}
	}
	return []func(rng *rand.Rand, size, width int) []T{
		func(rng *rand.Rand, size, _ int) []T { return manyEqual[T](rng, size, false) },
		func(rng *rand.Rand, size, _ int) []T { return manyEqual[T](rng, size, true) },
		along(func(i int) T { return T(i) - 100 }),
		along(func(i int) T { return 100 - T(i) }),
		along(func(int) T { return 1 }),
		along(func(int) T { return nan[T]() }),
	}
}

// orderTestOf compares one matrix, in two parts as two workers would take them.
func orderTestOf[T Float](t *testing.T, x []T, width, k int, descending bool) {
	n := len(x) / width
	got, want := make([]T, k*width), make([]T, k*width)
	Order(got, x, width, k, 0, width/2, descending)
	Order(got, x, width, k, width/2, width, descending)
	at := make([]int, n)
	for c := range width {
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
	if rows := make([]T, k*width); width > 1 { // the elements as rows
		OrderRows(rows, x, n, k, descending)
		for r := range width {
			OrderRows(got[:k], x[r*n:][:n], n, k, descending)
			if !slices.Equal(rows[r*k:][:k], got[:k]) {
				t.Fatalf("row %d of %d elements, k %d: got %v, want %v", r, n, k, rows[r*k:][:k], got[:k])
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

// BenchmarkOrder sorts, and takes the largest elements, of rows of several lengths.
func BenchmarkOrder(b *testing.B) {
	for _, s := range [][3]int{{1000, 100, 5}, {1000, 100, 100}, {64, 1000, 10}, {64, 1000, 100}, {64, 1000, 500}, {10, 50000, 50}, {1, 1000000, 10}, {1, 1000000, 1000000}} {
		rows, n, k := s[0], s[1], s[2]
		b.Run(fmt.Sprintf("%d of %d/rows=%d", k, n, rows), func(b *testing.B) {
			x, dst := manyEqual[float32](rand.New(rand.NewPCG(1, 2)), rows*n, false), make([]float32, rows*k)
			benchElements(b, rows*n, 1, func() { OrderRows(dst, x, n, k, true) })
		})
	}
	b.Run("10 of 1000/columns=64", func(b *testing.B) {
		x, dst := manyEqual[float32](rand.New(rand.NewPCG(1, 2)), 64000, false), make([]float32, 640)
		benchElements(b, 64000, 1, func() { Order(dst, x, 64, 10, 0, 64, true) })
	})
}
