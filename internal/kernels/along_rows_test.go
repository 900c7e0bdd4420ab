package kernels

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAlongRows: the functions of rows give the bits of those of columns, for any number of rows and for special values.
func TestAlongRows(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testAlongRows[float32](t)
		testAlongRows[float64](t)
	})
}

func testAlongRows[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 7, 40} {
		for _, rows := range []int{0, 1, 3, 4, 9} {
			x := manyEqual[T](rng, rows*n, n == 7)
			if n == 40 && rows > 1 {
				x[3], x[45], x[50], x[51] = T(math.Inf(1)), T(math.Inf(-1)), T(math.Copysign(0, -1)), 0
			}
			got, want := make([]T, rows*n), make([]T, rows*n)
			for _, flag := range []bool{false, true} {
				for _, reverse := range []bool{false, true} {
					CumSumRows(got, x, n, flag, reverse)
					for i := range rows {
						CumSum(want[i*n:(i+1)*n], x[i*n:(i+1)*n], 1, 0, 1, flag, reverse)
					}
					sameNumbers(t, "CumSumRows", got, want, 0)
				}
				b := randomSlice[T](rng, rows*n)
				RecurrenceRows(got, x, b, n, flag)
				for i := range rows {
					Recurrence(want[i*n:(i+1)*n], x[i*n:(i+1)*n], b[i*n:(i+1)*n], 1, 0, 1, flag)
				}
				sameNumbers(t, "RecurrenceRows", got, want, 0)
				ArgExtremeRows(got[:rows], x, n, flag)
				for i := range rows {
					ArgExtreme(want[i:i+1], x[i*n:(i+1)*n], 1, 0, 1, flag)
				}
				sameNumbers(t, "ArgExtremeRows", got[:rows], want[:rows], 0)
			}
		}
	}
}
