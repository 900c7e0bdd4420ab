package features

import (
	"slices"
	"testing"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
)

// An image of 3×2 pixels: the middle row counts only for right and left.
func TestDifferences(t *testing.T) {
	m := &datasets.Images{Rows: 3, Cols: 2, Pixels: []uint8{1, 2, 10, 20, 0, 4}, Labels: []uint8{0}}
	if got := differences(m).Float32s(); !slices.Equal(got, []float32{26 - 11, 3 - 4}) {
		t.Errorf("got %v, want 15, -1", got)
	}
}

// Only the training images determine the scale.
func TestPoints(t *testing.T) {
	one := &datasets.Images{Rows: 2, Cols: 2, Pixels: []uint8{8, 8, 8, 0}, Labels: []uint8{0}}
	two := &datasets.Images{Rows: 2, Cols: 2, Pixels: []uint8{0, 0, 0, 0, 4, 4, 4, 0}, Labels: []uint8{0, 0}}
	train, valid, test, err := Points(lab.Images{Train: two, Valid: one, Test: two})
	if err != nil {
		t.Fatal(err)
	}
	if got := train.Float32s(); !slices.Equal(got, []float32{1, -1, -1, 1}) || !slices.Equal(got, test.Float32s()) {
		t.Errorf("train and test: got %v, %v, want 1, -1, -1, 1 twice", got, test.Float32s())
	}
	if got := valid.Float32s(); !slices.Equal(got, []float32{-3, 3}) {
		t.Errorf("valid: got %v, want -3, 3", got)
	}
}
