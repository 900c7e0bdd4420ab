package shrink

import (
	"slices"
	"testing"
)

func TestPictures(t *testing.T) {
	for _, c := range []struct {
		name             string
		pixels           []float32
		rows, cols, side int
		want             []float32
	}{
		{"3×3 to 2×2, with the middle in every pixel", []float32{0, 1, 2, 3, 4, 5, 6, 7, 8}, 3, 3, 2, []float32{2, 3, 5, 6}},
		{"two of 2×4", []float32{0, 2, 4, 6, 1, 3, 5, 7, 1, 1, 1, 1, 9, 9, 9, 9}, 2, 4, 1, []float32{3.5, 5}},
		{"larger", []float32{1, 2}, 1, 2, 2, []float32{1, 2, 1, 2}},
	} {
		if got := Pictures(c.pixels, c.rows, c.cols, c.side); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if got := len(Pictures(make([]float32, 5*784), 28, 28, 16)); got != 5*256 {
		t.Errorf("got %d pixels, want %d", got, 5*256)
	}
}
