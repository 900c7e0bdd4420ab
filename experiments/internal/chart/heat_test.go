package chart

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// Cells are white to blue, and the first row is at the top.
func TestHeat(t *testing.T) {
	path := filepath.Join(t.TempDir(), "heat.png")
	h := Heat{Title: "weights", X: "text", Y: "written", Columns: []string{"a", "b", "c"}, Rows: []string{"d", "e"}, Values: [][]float64{{1, 0, 0}, {0, 0.5, 0.5}}}
	if err := h.Save(path); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	var count, down [2]int // pixels of the colours of 1 and of 0.5, and the sums of their rows
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			for i, v := range []float64{1, 0.5} {
				if color.RGBAModel.Convert(m.At(x, y)) == mix(palette[0], v) {
					count[i]++
					down[i] += y
				}
			}
		}
	}
	if count[0] < 400 || count[1] < 19*count[0]/10 || count[1] > 21*count[0]/10 {
		t.Fatalf("got %d pixels of 1 and %d of 0.5, want one cell and two", count[0], count[1])
	}
	if down[0]/count[0] >= down[1]/count[1] {
		t.Errorf("got the first row at %d, the second at %d, want the first at the top", down[0]/count[0], down[1]/count[1])
	}
	for v, want := range map[float64]color.RGBA{-1: {255, 255, 255, 255}, 2: palette[0]} {
		if got := mix(palette[0], v); got != want {
			t.Errorf("got %v for %v, want %v", got, v, want)
		}
	}
	if err := h.Save(filepath.Join(path, "below.png")); err == nil {
		t.Error("got no error for a path below a file")
	}
}
