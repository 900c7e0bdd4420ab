package kernels

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestTranspose compares each element, for sizes around those of vectors and rows with gaps, which are left as they are.
func TestTranspose(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		testTranspose[float32](t)
		testTranspose[float64](t)
	})
}

func testTranspose[T Float](t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	sizes := []int{0, 1, 3, 7, 8, 9, 16, 21, 40}
	for _, rows := range sizes {
		for _, cols := range sizes {
			for _, gap := range []int{0, 3} {
				xStride, dstStride := cols+gap, rows+gap
				x, dst := randomSlice[T](rng, rows*xStride), randomSlice[T](rng, cols*dstStride)
				if len(x) > 0 {
					x[len(x)/2] = nan[T]()
				}
				want := append([]T(nil), dst...)
				for i := range rows {
					for j := range cols {
						want[j*dstStride+i] = x[i*xStride+j]
					}
				}
				Transpose(dst, x, rows, cols, dstStride, xStride)
				sameNumbers(t, fmt.Sprintf("%d × %d, gap %d", rows, cols, gap), dst, want, 0)
			}
		}
	}
}
