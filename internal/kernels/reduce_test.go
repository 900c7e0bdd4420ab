package kernels

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// exactSum adds up numbers and rounds only once.
func exactSum(x ...float64) float64 {
	s := new(big.Float).SetPrec(2200)
	for _, v := range x {
		s.Add(s, new(big.Float).SetFloat64(v))
	}
	f, _ := s.Float64()
	return f
}

func TestSumsAreNearlyExact(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testSums[float32](t)
		testSums[float64](t)
	})
}

func testSums[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := range 100 {
		a, b := make([]T, n+1)[1:], make([]T, n+2)[2:]
		var sum, squares, dot []float64
		var scale float64
		for i := range a {
			a[i], b[i] = T(rng.NormFloat64()*math.Exp(3*rng.NormFloat64())), T(rng.NormFloat64())
			sum = append(sum, float64(a[i]))
			squares = append(squares, float64(a[i])*float64(a[i]))
			dot = append(dot, float64(a[i])*float64(b[i]))
			scale += math.Abs(sum[i]) + squares[i] + math.Abs(dot[i])
		}
		for _, c := range []struct {
			name string
			got  float64
			want []float64
		}{
			{"Sum", SumFloat64(a), sum},
			{"SumSquares", DotFloat64(a, a), squares},
			{"Dot", DotFloat64(a, b), dot},
		} {
			if want := exactSum(c.want...); math.Abs(c.got-want) > 1e-14*scale {
				t.Fatalf("%s of %d elements: got %g, want %g", c.name, n, c.got, want)
			}
		}
		if got := Sum(a); got != T(SumFloat64(a)) {
			t.Fatalf("Sum: got %g, want %g", got, SumFloat64(a))
		}
	}
}

// TestReductionsHaveTheSameBits compares every form with the portable one.
func TestReductionsHaveTheSameBits(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for n := range 200 {
		a, b := make([]float32, n+1)[1:], make([]float32, n+2)[2:]
		for i := range a {
			a[i], b[i] = float32(rng.NormFloat64()*math.Exp(20*rng.NormFloat64())), float32(rng.NormFloat64())
		}
		results := func() []float64 {
			col := make([]float32, n)
			ColSum(col, a, min(n, 1), n, n)
			return []float64{SumFloat64(a), DotFloat64(a, b), DotFloat64(a, a), float64(MaxOf(a)), float64(MinOf(a)), SumFloat64(col),
				dotShift(a, b, 0.25), squaredDistance(a, b)}
		}
		var want []float64
		for _, i := range ISAs() {
			old := isa
			useISA(i)
			got := results()
			useISA(old)
			if want == nil {
				want = got
			}
			for k, v := range got {
				if math.Float64bits(v) != math.Float64bits(want[k]) {
					t.Fatalf("%v: result %d of %d elements: got %g, want %g", i, k, n, v, want[k])
				}
			}
		}
	}
}

func TestExtremes(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testExtremes[float32](t)
		testExtremes[float64](t)
	})
}

func testExtremes[T Float](t *testing.T) {
	inf := math.Inf(1)
	if MaxOf([]T{}) != T(-inf) || MinOf([]T{}) != T(inf) || ArgMax([]T{}) != -1 {
		t.Fatal("an empty slice: got other results than -Inf, +Inf, -1")
	}
	rng := rand.New(rand.NewPCG(9, 10))
	for n := 1; n < 80; n++ {
		x := make([]T, n+1)[1:]
		for i := range x {
			x[i] = T(rng.NormFloat64()) - 10*T(rng.IntN(2))
		}
		for at := range x {
			low, high := x[0], x[0]
			for _, v := range x {
				low, high = min(low, v), max(high, v)
			}
			if MaxOf(x) != high || MinOf(x) != low || x[ArgMax(x)] != high {
				t.Fatalf("%v: got %g, %g, %d", x, MaxOf(x), MinOf(x), ArgMax(x))
			}
			old := x[at]
			for _, v := range []float64{inf, -inf, math.NaN()} {
				if x[at] = T(v); !HasNonFinite(x) {
					t.Fatalf("element %d of %d is %g: HasNonFinite: got false, want true", at, n, v)
				}
			}
			if MaxOf(x) == MaxOf(x) || MinOf(x) == MinOf(x) || ArgMax(x) != at || Sum(x) == Sum(x) || SumSquares(x) == SumSquares(x) {
				t.Fatalf("NaN at %d of %d: got %g, %g, %d", at, n, MaxOf(x), MinOf(x), ArgMax(x))
			}
			if x[at] = old; HasNonFinite(x) {
				t.Fatalf("%v: HasNonFinite: got true, want false", x)
			}
		}
	}
	zero, minus := T(0), T(math.Copysign(0, -1))
	if math.Signbit(float64(MaxOf([]T{zero, minus}))) || !math.Signbit(float64(MinOf([]T{zero, minus}))) {
		t.Fatal("got -0 as the larger of the two zeros, or +0 as the smaller")
	}
	if ArgMax([]T{1, 3, 3, 2}) != 1 || ArgMax([]T{1, T(math.NaN()), T(inf), T(math.NaN())}) != 1 {
		t.Fatal("ArgMax: got another than the first largest element")
	}
	huge := []T{math.MaxFloat32, math.MaxFloat32, -math.MaxFloat32}
	if HasNonFinite(huge) {
		t.Fatal("HasNonFinite: got true for numbers whose sum overflows in float32, want false")
	}
}

func TestAxisSums(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testAxisSums[float32](t)
		testAxisSums[float64](t)
	})
}

func testAxisSums[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for cols := range 75 {
		for _, rows := range []int{0, 1, 2, 7} {
			stride := cols + rng.IntN(3)
			x := make([]T, max(0, (rows-1)*stride+cols))
			for i := range x {
				x[i] = T(rng.NormFloat64())
			}
			const guard = 77
			col, row := make([]T, cols+16), make([]T, rows)
			Fill(col, guard)
			ColSum(col[8:8+cols], x, rows, cols, stride)
			RowSum(row, x, rows, cols, stride)
			onto := make([]T, cols)
			Fill(onto, 3)
			ColSumAdd(onto, x, rows, cols, stride)
			for j, got := range col {
				if j -= 8; j < 0 || j >= cols {
					if got != guard {
						t.Fatalf("%d×%d: wrote outside of dst", rows, cols)
					}
					continue
				}
				var want float64
				for i := range rows {
					want += float64(x[i*stride+j])
				}
				if got != T(want) || onto[j] != T(want+3) {
					t.Fatalf("%d×%d: column %d: got %g, %g, want %g", rows, cols, j, got, onto[j], want)
				}
			}
			for i, got := range row {
				if want := Sum(x[i*stride:][:cols]); got != want {
					t.Fatalf("%d×%d: row %d: got %g, want %g", rows, cols, i, got, want)
				}
			}
		}
	}
}
