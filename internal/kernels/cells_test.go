package kernels

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A cellCase is a step of a recurrent network with in inputs of count slices, and its formulas for one element.
type cellCase[T Float] struct {
	name       string
	in, count  int
	run, plain func(v [][]T)
	ref        func(x []float64) []float64
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func lstmCellGradOf(x []float64) []float64 {
	dh, dc, i, f, g, o, t, c := x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]
	dc += dh * o * (1 - t*t)
	return []float64{dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g*g), dh * t * o * (1 - o), dc * f}
}

func cellCases[T Float]() []cellCase[T] {
	return []cellCase[T]{
		{"LSTMCell", 5, 12, LSTMCell[T], lstmCellPlain[T], func(x []float64) []float64 {
			i, f, g, o := logistic(x[0]), logistic(x[1]), math.Tanh(x[2]), logistic(x[3])
			c := f*x[4] + i*g
			return []float64{i, f, g, o, c, math.Tanh(c), o * math.Tanh(c)}
		}},
		{"LSTMCellGrad", 8, 13, LSTMCellGrad[T], lstmCellGradPlain[T], lstmCellGradOf},
		{"LSTMCellTanhGrad", 8, 13, LSTMCellTanhGrad[T], lstmCellTanhGradPlain[T], func(x []float64) []float64 {
			x[6] = math.Tanh(x[6])
			return lstmCellGradOf(x)
		}},
		{"GRUCell", 7, 11, GRUCell[T], gruCellPlain[T], func(x []float64) []float64 {
			r, z := logistic(x[0]+x[3]), logistic(x[1]+x[4])
			n := math.Tanh(x[2] + r*x[5])
			return []float64{r, z, n, (1-z)*n + z*x[6]}
		}},
		{"GRUCellGrad", 6, 11, GRUCellGrad[T], gruCellGradPlain[T], func(x []float64) []float64 {
			dh, r, z, n, b, h := x[0], x[1], x[2], x[3], x[4], x[5]
			dn := dh * (1 - z) * (1 - n*n)
			return []float64{dn * b * r * (1 - r), dh * (h - n) * z * (1 - z), dn, dn * r, dh * z}
		}},
		{"GELUWithSlope", 1, 3, func(v [][]T) { GELUWithSlope(v[1], v[2], v[0]) },
			func(v [][]T) { GELU(v[1], v[0]); GELUSlope(v[2], v[0]) },
			func(x []float64) []float64 { return []float64{gelu(x[0]), geluSlope(x[0])} }},
		{"GELUWithSlope in place", 1, 3, func(v [][]T) { copy(v[1], v[0]); GELUWithSlope(v[1], v[2], v[1]) },
			func(v [][]T) { GELU(v[1], v[0]); GELUSlope(v[2], v[0]) },
			func(x []float64) []float64 { return []float64{gelu(x[0]), geluSlope(x[0])} }},
	}
}

// TestCells compares functions with several results, such as the steps of recurrent networks, with their formulas and, bit for bit, with the functions that they consist
// of, which other inputs than finite ones reach as well.
func TestCells(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testCells[float32](t, 4e-6)
		testCells[float64](t, 1e-14)
	})
}

func testCells[T Float](t *testing.T, tolerance float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	const guard = 12345
	for _, c := range cellCases[T]() {
		for n := range 70 {
			v, plain := make([][]T, c.count), make([][]T, c.count)
			for i := range v {
				v[i], plain[i] = make([]T, n+2)[1:n+1], make([]T, n)
				v[i][:n+1][n] = guard
				for j := range n {
					if v[i][j] = T(rng.NormFloat64()); n%2 == 1 {
						v[i][j] = someValues[T](rng, 1)[0]
					}
				}
				copy(plain[i], v[i])
			}
			c.run(v)
			c.plain(plain)
			for i := c.in; i < c.count; i++ {
				for j := range n {
					where := fmt.Sprintf("%s, %d elements of %T: slice %d, element %d", c.name, n, v[0][:0], i, j)
					got, want := float64(v[i][j]), float64(plain[i][j])
					if math.Float64bits(got) != math.Float64bits(want) && !(math.IsNaN(got) && math.IsNaN(want)) {
						t.Fatalf("%s: got %v, want %v", where, got, want)
					}
					x := make([]float64, c.in)
					for k := range x {
						x[k] = float64(v[k][j])
					}
					if want := c.ref(x)[i-c.in]; n%2 == 0 && math.Abs(float64(v[i][j])-want) > tolerance*max(1, math.Abs(want)) {
						t.Fatalf("%s: got %v, want %v", where, v[i][j], want)
					}
				}
				if v[i][:n+1][n] != guard {
					t.Fatalf("%s, %d elements: slice %d: the element after it was changed", c.name, n, i)
				}
			}
		}
	}
}
