package kernels

import (
	"math"
	"testing"
)

// TestMaxPoolBinsSpecial: the first of equal elements gets the gradient, even if all are -Inf; +0 is larger than -0; and NaN is larger
// than any number.
func TestMaxPoolBinsSpecial(t *testing.T) {
	inf, zero, none := float32(math.Inf(-1)), float32(math.Copysign(0, -1)), nan[float32]()
	for _, c := range []struct {
		name  string
		x     [12]float32 // two rows
		want  float32
		first int
	}{
		{"-Inf", [12]float32{inf, inf, inf, inf, inf, inf, inf, inf, inf, inf, inf, inf}, inf, 0},
		{"zeros", [12]float32{-1, zero, zero, 0, zero, 0, zero, zero, zero, zero, zero, zero}, 0, 1},
		{"later row", [12]float32{1, 2, 1, 2, 1, 2, 1, 3, 1, 3, 1, 3}, 3, 7},
		{"NaN", [12]float32{5, 4, none, 6, none, 1, 2, 3, none, 1, 1, 9}, none, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachISA(t, func(t *testing.T) {
				s := PoolShape{1, bins(2, 1), bins(6, 1)}
				y, dx, want := make([]float32, 1), make([]float32, 12), make([]float32, 12)
				MaxPool(nil, s, y, c.x[:])
				if math.Float32bits(y[0]) != math.Float32bits(c.want) && (y[0] == y[0] || c.want == c.want) {
					t.Errorf("got %v, want %v", y[0], c.want)
				}
				want[c.first] = 2
				MaxPoolGrad(nil, s, dx, c.x[:], []float32{2}, false)
				sameNumbers(t, "gradient", dx, want, 0)
			})
		})
	}
}
