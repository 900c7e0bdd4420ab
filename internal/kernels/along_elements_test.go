package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGatherAndScatterElements checks the elements, and that an index outside is found.
func TestGatherAndScatterElements(t *testing.T) {
	x, index := []float32{1, 2, 3, 4, 5, 6}, []float32{2, 0, 0, 1} // columns 1 3 5 and 2 4 6
	got := make([]float32, 4)
	if bad := GatherElements(got, x, index, 2, 0, 2); bad != -1 || !slices.Equal(got, []float32{5, 2, 1, 4}) {
		t.Errorf("got %v, %d", got, bad)
	}
	sums := []float32{9, 9, 9, 9}
	if bad := ScatterElements(sums, x, []float32{1, 0, 1, 1, 0, 1}, 2, 0, 2); bad != -1 || !slices.Equal(sums, []float32{5, 2, 4, 10}) {
		t.Errorf("got %v, %d", sums, bad)
	}
	if ScatterElements(sums, []float32{7, 7}, []float32{1, 1}, 2, 1, 2); !slices.Equal(sums, []float32{5, 0, 4, 7}) {
		t.Errorf("only the second column: got %v", sums)
	}
	for _, wrong := range []float32{-1, 3, 0.5, nan[float32](), float32(math.Inf(1))} {
		if bad := GatherElements(make([]float32, 4), x, []float32{0, 0, 0, wrong}, 2, 0, 2); bad != 3 {
			t.Errorf("index %v: got %d, want 3", wrong, bad)
		}
		if bad := ScatterElements(make([]float32, 6), make([]float32, 4), []float32{0, wrong, 0, wrong}, 2, 0, 2); bad != 1 {
			t.Errorf("index %v: got %d, want 1", wrong, bad)
		}
	}
}

// TestElementsRows: the functions of rows give the bits of those of columns, and find the same wrong index.
func TestElementsRows(t *testing.T) {
	elementsRowsTest[float32](t)
	elementsRowsTest[float64](t)
}

func elementsRowsTest[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	wrong := []T{-1, -0.5, 0.5, nan[T](), T(math.Inf(1)), T(math.Inf(-1)), 1 << 31, 1e30}
	for _, rows := range []int{0, 1, 3} {
		for _, n := range []int{1, 2, 7} {
			for _, m := range []int{1, 2, 9} {
				for trial := range 2 + len(wrong) {
					index, x, src := make([]T, rows*n), manyEqual[T](rng, rows*m, true), manyEqual[T](rng, rows*n, trial%2 == 0)
					for i := range index {
						index[i] = T(rng.IntN(m))
					}
					want := -1
					if rows > 0 && trial > 0 {
						want = rng.IntN(len(index))
						index[want] = append(wrong, T(m))[trial-1]
					}
					gathered, sums := make([]T, rows*n), manyEqual[T](rng, rows*m, true)
					gatheredAlone, sumsAlone := make([]T, rows*n), make([]T, rows*m)
					badGather, badScatter := GatherElementsRows(gathered, x, index, n, m), ScatterElementsRows(sums, src, index, n, m)
					if badGather != want || badScatter != want {
						t.Fatalf("index %v of rows of %d: got wrong elements %d and %d, want %d", index, m, badGather, badScatter, want)
					}
					for r := range rows {
						GatherElements(gatheredAlone[r*n:][:n], x[r*m:][:m], index[r*n:][:n], 1, 0, 1)
						ScatterElements(sumsAlone[r*m:][:m], src[r*n:][:n], index[r*n:][:n], 1, 0, 1)
					}
					if want < 0 {
						sameNumbers(t, "GatherElementsRows", gathered, gatheredAlone, 0)
						sameNumbers(t, "ScatterElementsRows", sums, sumsAlone, 0)
					}
				}
			}
		}
	}
}

// BenchmarkElements gathers and scatters along the last axis and along the first.
func BenchmarkElements(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range [][3]int{{4096, 1, 100}, {64, 10, 1000}, {64, 1000, 1000}, {256, 4096, 4096}} {
		rows, n, m := s[0], s[1], s[2]
		index, x, y := make([]float32, rows*n), benchSlices(1, rows*m)[0], make([]float32, rows*n)
		for i := range index {
			index[i] = float32(rng.IntN(m))
		}
		for name, f := range map[string]func(){
			"Gather":         func() { GatherElementsRows(y, x, index, n, m) },
			"Scatter":        func() { ScatterElementsRows(x, y, index, n, m) },
			"GatherColumns":  func() { GatherElements(y, x, index, rows, 0, rows) },
			"ScatterColumns": func() { ScatterElements(x, y, index, rows, 0, rows) },
		} {
			b.Run(fmt.Sprintf("%s/%dx%d of %d", name, rows, n, m), func(b *testing.B) { benchElements(b, rows*n, 3, f) })
		}
	}
}
