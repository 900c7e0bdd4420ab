package kernels

import (
	"slices"
	"testing"
)

func TestRows(t *testing.T) {
	dst := make([]float32, 6)
	if bad := Rows(dst, []float32{0, 1, 10, 11, 20, 21}, []float32{2, 0, 2}, 2); bad != -1 || !slices.Equal(dst, []float32{20, 21, 0, 1, 20, 21}) {
		t.Errorf("got %v, %d", dst, bad)
	}
	for _, index := range []float64{-1, 2, 0.5, 1e300, nan[float64]()} {
		if bad := Rows(make([]float64, 2), make([]float64, 2), []float64{1, index}, 1); bad != 1 {
			t.Errorf("index %v: got %d, want 1", index, bad)
		}
		if bad := ScatterAdd(make([]float64, 2), make([]float64, 2), []float64{1, index}, 1, 0, 1); bad != 1 {
			t.Errorf("index %v: got %d, want 1", index, bad)
		}
	}
}

// TestScatterRows checks that rows that no index names become zero, that sums are in the order of the indices, and that
// rows outside the range stay.
func TestScatterRows(t *testing.T) {
	dst := []float32{1, 1, 1, 1, 1, 1, 1, 1}
	if bad := ScatterRows(dst, []float32{1, 2, 3, 4, 5, 6}, []float32{2, 0, 2}, 2, 1, 3); bad != -1 || !slices.Equal(dst, []float32{1, 1, 0, 0, 6, 8, 1, 1}) {
		t.Errorf("got %v, %d", dst, bad)
	}
	index, src, want, got := make([]float32, 50), make([]float32, 150), make([]float32, 60), make([]float32, 60)
	for i := range index {
		index[i] = float32(i * i % 20)
		for k := range 3 {
			src[3*i+k] = 1 / float32(1+i+k)
		}
	}
	ScatterAdd(want, src, index, 3, 0, 3)
	for lo := 0; lo < 20; lo += 7 {
		ScatterRows(got, src, index, 3, lo, min(lo+7, 20))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v by rows, want %v as by columns", got, want)
	}
	if bad := ScatterRows(dst, []float32{1, 2, 3, 4}, []float32{0, 4}, 2, 0, 1); bad != 1 {
		t.Errorf("an index that is not a row: got %d, want 1", bad)
	}
}

func TestScatterAdd(t *testing.T) {
	dst := []float32{1, 1, 1, 1}
	if bad := ScatterAdd(dst, []float32{1, 2, 3, 4, 5, 6}, []float32{1, 0, 1}, 2, 0, 2); bad != -1 || !slices.Equal(dst, []float32{4, 5, 7, 9}) {
		t.Errorf("got %v, %d", dst, bad)
	}
	if ScatterAdd(dst, []float32{1, 2}, []float32{0}, 2, 1, 2); !slices.Equal(dst, []float32{4, 7, 7, 9}) {
		t.Errorf("only the second column: got %v", dst)
	}
}
