package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestNorms compares the sums of the normalizations with plain ones, and wants the same bits for any division of the groups
// among workers.
func TestNorms(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testNorm[float32](t, 2e-6)
		testNorm[float64](t, 1e-14)
	})
}

func testNorm[T Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][3]int{{1, 1, 1}, {1, 5, 7}, {3, 4, 1}, {37, 150, 1}, {4, 3, 49}, {1, 3, 5000}, {2, 1, 33}, {5, 1, 1}, {1, 4, 1},
		{1, 90, 32}, {1, 131, 80}, {1, 5, 1024}, {1, 67, 100}, {1, 3, 1040}, {1, 3, 2050}, {1, 1, 3136}, {1, 3, 7180}} {
		outer, groups, inner := s[0], s[1], s[2]
		n := outer * groups * inner
		random := func(n int, shift float64) []T {
			x := make([]T, n)
			for i := range x {
				x[i] = T(rng.NormFloat64() + shift)
			}
			return x
		}
		x, d, mean, w, scale := random(n, 3), random(n, 0), random(groups, 3), random(inner, 0), random(groups, 0)
		// want returns Σ f for each group, or for each inner element.
		want := func(size int, f func(i, g, k int) (at int, v float64)) []float64 {
			sums := make([]float64, size)
			for i := range n {
				at, v := f(i, i/inner%groups, i%inner)
				sums[at] += v
			}
			return sums
		}
		count := float64(outer * inner)
		means := want(groups, func(i, g, _ int) (int, float64) { return g, float64(x[i]) / count })
		off := func(i, g int) float64 { return float64(x[i]) - float64(mean[g]) }
		rows := outer == 1
		for _, r := range []struct {
			name   string
			size   int
			run    func(a, b []T, lo, hi int)
			sum    func(i, g, k int) (int, float64)
			dot    func(i, g, k int) (int, float64)
			exists bool
		}{
			{"Moments", groups, func(a, b []T, lo, hi int) { Moments(a, b, x, outer, groups, inner, lo, hi) },
				func(i, g, _ int) (int, float64) { return g, float64(x[i]) / count },
				func(i, g, _ int) (int, float64) {
					return g, (float64(x[i]) - means[g]) * (float64(x[i]) - means[g]) / count
				}, true},
			{"Dots", groups, func(a, b []T, lo, hi int) { Dots(a, b, d, x, mean, outer, groups, inner, lo, hi) },
				func(i, g, _ int) (int, float64) { return g, float64(d[i]) },
				func(i, g, _ int) (int, float64) { return g, float64(d[i]) * off(i, g) }, true},
			{"RowDots", groups, func(a, b []T, lo, hi int) { RowDots(a, b, d, x, mean, w, lo, hi) },
				func(i, g, k int) (int, float64) { return g, float64(d[i]) * float64(w[k]) },
				func(i, g, k int) (int, float64) { return g, float64(d[i]) * float64(w[k]) * off(i, g) }, rows},
			{"ColumnDots", inner, func(a, b []T, lo, hi int) { columnSums(ofRowDots, a, b, d, x, mean, scale, groups, inner, lo, hi) },
				func(i, _, k int) (int, float64) { return k, float64(d[i]) },
				func(i, g, k int) (int, float64) { return k, float64(d[i]) * off(i, g) * float64(scale[g]) }, rows},
		} {
			if !r.exists {
				continue
			}
			whole, parts := [2][]T{make([]T, r.size), make([]T, r.size)}, [2][]T{make([]T, r.size), make([]T, r.size)}
			r.run(whole[0], whole[1], 0, r.size)
			for lo := 0; lo < r.size; {
				hi := min(r.size, lo+1+rng.IntN(40))
				r.run(parts[0], parts[1], lo, hi)
				lo = hi
			}
			for k, f := range []func(i, g, k int) (int, float64){r.sum, r.dot} {
				if !slices.Equal(whole[k], parts[k]) {
					t.Errorf("%s of %v: sums %d depend on the division among workers", r.name, s, k)
				}
				limits := want(r.size, func(i, g, k int) (int, float64) { at, v := f(i, g, k); return at, math.Abs(v) })
				for j, v := range want(r.size, f) {
					if got := float64(whole[k][j]); math.Abs(got-v) > tolerance*(limits[j]+1e-9) {
						t.Fatalf("%s of %v: sum %d of %d: got %v, want %v", r.name, s, k, j, got, v)
					}
				}
			}
		}
	}
}

// TestColumnDots compares the sums with those of plain loops in double precision, and those of several workers with those of one.
func TestColumnDots(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testColumnDots[float32](t, 1e-5)
		testColumnDots[float64](t, 1e-13)
	})
}

func testColumnDots[T Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, s := range [][2]int{{0, 3}, {1, 1}, {5, 0}, {700, 65}, {halvesRows - 1, 40}, {halvesRows, 40}, {halvesRows + 301, 133}, {3 * halvesRows, 1}} {
		rows, cols := s[0], s[1]
		d, x, mean, scale := randomSlice[T](rng, rows*cols), randomSlice[T](rng, rows*cols), randomSlice[T](rng, rows), randomSlice[T](rng, rows)
		want, limit := make([]float64, 2*cols), make([]float64, 2*cols)
		for i := range d {
			row, col := i/cols, i%cols
			dot := float64(d[i]) * (float64(x[i]) - float64(mean[row])) * float64(scale[row])
			want[col], want[cols+col] = want[col]+float64(d[i]), want[cols+col]+dot
			limit[col], limit[cols+col] = limit[col]+math.Abs(float64(d[i])), limit[cols+col]+math.Abs(dot)
		}
		var one []T
		for _, p := range pools(t) {
			got := randomSlice[T](rng, 2*cols)
			ColumnDots(p, got[:cols], got[cols:], d, x, mean, scale, cols)
			if one == nil {
				one = got
			}
			sameBits(t, fmt.Sprintf("%T, %v, %d workers", T(0), s, p.Workers()), got, one)
		}
		for i, v := range want {
			if math.Abs(float64(one[i])-v) > tolerance*(limit[i]+1e-9) {
				t.Fatalf("%T, %v: sum %d: got %v, want %v", T(0), s, i, one[i], v)
			}
		}
	}
}

// BenchmarkNorm measures the sums of a normalization of rows. It counts bytes read.
func BenchmarkNorm(b *testing.B) {
	const rows, cols = 512, 768
	x, d, w := make([]float32, rows*cols), make([]float32, rows*cols), make([]float32, cols)
	m, v := make([]float32, cols), make([]float32, cols)
	for i := range x {
		x[i], d[i] = float32(i%17), float32(i%13)
	}
	for _, r := range []struct {
		name   string
		arrays int
		run    func()
	}{
		{"Moments", 1, func() { Moments(m[:rows], v[:rows], x, 1, rows, cols, 0, rows) }},
		{"RowDots", 2, func() { RowDots(m[:rows], v[:rows], d, x, m[:rows], w, 0, rows) }},
		{"ColumnDots", 2, func() { ColumnDots(nil, m, v, d, x, x[:rows], x[:rows], cols) }},
		{"Dots", 2, func() { Dots(m[:rows], v[:rows], d, x, x[:rows], 1, rows, cols, 0, rows) }},
		{"Columns", 2, func() { Dots(m, v, d, x, x[:cols], rows, cols, 1, 0, cols) }},
	} {
		b.Run(fmt.Sprint(r.name), func(b *testing.B) {
			b.SetBytes(int64(r.arrays * 4 * rows * cols))
			b.ReportAllocs()
			for b.Loop() {
				r.run()
			}
		})
	}
}

// TestNormalize checks that the forms give what the comments of the functions say, rounded after each operation.
func TestNormalize(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 2))
		for n := range 70 {
			x, w, b := someValues[float32](rng, n), someValues[float32](rng, n), someValues[float32](rng, n)
			mean, scale, bias := float32(rng.NormFloat64()), float32(rng.NormFloat64()), float32(rng.NormFloat64())
			one, row := make([]float32, n), make([]float32, n)
			Normalize(one, x, mean, scale, bias)
			NormalizeRow(row, x, w, b, mean, scale)
			for i, v := range x {
				s := float32((v - mean) * scale)
				if want := s + bias; one[i] != want && (one[i] == one[i] || want == want) {
					t.Fatalf("Normalize: element %d of %d: got %v, want %v", i, n, one[i], want)
				}
				if want := float32(s*w[i]) + b[i]; row[i] != want && (row[i] == row[i] || want == want) {
					t.Fatalf("NormalizeRow: element %d of %d: got %v, want %v", i, n, row[i], want)
				}
			}
		}
	})
}
