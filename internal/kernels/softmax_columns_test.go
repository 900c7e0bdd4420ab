package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// columnShapes are numbers of matrices, of their rows, and of their columns: below and above fewColumns, and more than a block holds.
var columnShapes = [][3]int{
	{1, 1, 1}, {3, 1, 5}, {2, 7, 1}, {5, 10, 2}, {1, 3, 33}, {70, 4, 3}, {2, 5, 63}, {3, 33, 64}, {2, 6, 131}, {1, 700, 70}, {1, 2, 40000}, {300, 9, 30},
}

func TestSoftmaxColumns(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testSoftmaxColumns[float32](t, 1e-6)
		testSoftmaxColumns[float64](t, 1e-14)
	})
}

// testSoftmaxColumns compares the functions with their definitions, and calls for parts of the columns with one for all.
func testSoftmaxColumns[T Float](t *testing.T, eps float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, s := range columnShapes {
		n, rows, width := s[0], s[1], s[2]
		x, g := make([]T, n*rows*width), make([]T, n*rows*width)
		for i := range x {
			x[i], g[i] = T(10*rng.NormFloat64()), T(rng.NormFloat64())
		}
		for _, log := range []bool{false, true} {
			name := fmt.Sprintf("%T, %v, log %v", x[0], s, log)
			y, d := make([]T, len(x)), make([]T, len(x))
			SoftmaxColumns(y, x, rows, width, 0, n*width, log)
			SoftmaxColumnsGrad(d, g, y, rows, width, 0, n*width, log)
			for c := range n * width {
				at := func(v []T, i int) float64 { return float64(v[(c/width*rows+i)*width+c%width]) }
				m := math.Inf(-1)
				for i := range rows {
					m = max(m, at(x, i))
				}
				var sum, gp, gs float64
				for i := range rows {
					sum, gp, gs = sum+math.Exp(at(x, i)-m), gp+at(g, i)*at(y, i), gs+at(g, i)
				}
				for i := range rows {
					want, slope := math.Exp(at(x, i)-m)/sum, at(y, i)*(at(g, i)-gp)
					if log {
						want, slope = at(x, i)-m-math.Log(sum), at(g, i)-math.Exp(at(y, i))*gs
					}
					if got := at(y, i); !(math.Abs(got-want) <= eps*(1+math.Abs(want))) {
						t.Fatalf("%s: got %v in row %d of column %d, want %v", name, got, i, c, want)
					}
					if got := at(d, i); !(math.Abs(got-slope) <= eps*(10+math.Abs(gs))) {
						t.Fatalf("%s: derivative: got %v in row %d of column %d, want %v", name, got, i, c, slope)
					}
				}
			}
			inPlace, slope := slices.Clone(x), slices.Clone(y)
			for lo, hi := 0, 0; lo < n*width; lo = hi {
				hi = min(lo+1+rng.IntN(2*width), n*width)
				SoftmaxColumns(inPlace, inPlace, rows, width, lo, hi, log)
				SoftmaxColumnsGrad(slope, g, slope, rows, width, lo, hi, log)
			}
			if !slices.Equal(inPlace, y) || !slices.Equal(slope, d) {
				t.Errorf("%s: got other bits in parts and in place", name)
			}
			slope = slices.Clone(g)
			if SoftmaxColumnsGrad(slope, slope, y, rows, width, 0, n*width, log); !slices.Equal(slope, d) {
				t.Errorf("%s: got other bits in place of the gradient", name)
			}
		}
	}
}

// TestSoftmaxColumnsEnds: special values are those of Softmax, and stay in their columns.
func TestSoftmaxColumnsEnds(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		inf, nan := float32(math.Inf(1)), float32(math.NaN())
		columns := [][]float32{{0, -inf, 0}, {1, nan, 2}, {-inf, -inf, -inf}, {1e4, 1e4, -1e4}, {0, inf, 0}, {-1e4, -1e4, -1e4}, {1, 2, 3}}
		for _, width := range []int{7, 7 * 13} {
			for _, log := range []bool{false, true} {
				x, y := make([]float32, 3*width), make([]float32, 3*width)
				for i := range x {
					x[i] = columns[i%width%7][i/width]
				}
				SoftmaxColumns(y, x, 3, width, 0, width, log)
				for c := range width {
					want, got := make([]float32, 3), []float32{y[c], y[width+c], y[2*width+c]}
					if log {
						LogSoftmax(want, columns[c%7], 1, 3)
					} else {
						Softmax(want, columns[c%7], 1, 3)
					}
					if !slices.EqualFunc(got, want, func(a, b float32) bool { return a == b || a != a && b != b }) {
						t.Errorf("softmax of %v, log %v: got %v, want %v", columns[c%7], log, got, want)
					}
				}
			}
		}
		SoftmaxColumns([]float32{}, []float32{}, 0, 5, 0, 5, false)
		SoftmaxColumns([]float32{}, []float32{}, 5, 0, 0, 0, true)
		SoftmaxColumnsGrad([]float32{}, []float32{}, []float32{}, 0, 5, 0, 5, false)
		SoftmaxColumnsGrad([]float32{}, []float32{}, []float32{}, 5, 0, 0, 0, true)
	})
}
