package chart

import (
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/nndiy/nndiy/metrics"
)

// colours counts the pixels of each colour in a PNG file.
func colours(t *testing.T, path string) map[color.RGBA]int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.RGBA]int{}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			count[color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)]++
		}
	}
	return count
}

// Points have the colour of their class, and the regions behind them a pale one.
func TestPoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "points.png")
	d := Points{
		Title: "two points", At: [][2]float64{{-0.5, 0.5}, {0.5, -0.5}}, Class: []int{0, 2}, Frame: [4]float64{-1, 1, -1, 1}, Radius: 5,
		Regions: &Regions{Width: 2, Class: []int{0, 2, 0, 2}},
		Lines:   []Polyline{{"a line", [][2]float64{{-1, -1}, {1, 1}}}},
	}
	if err := d.Save(path); err != nil {
		t.Fatal(err)
	}
	count := colours(t, path)
	for _, c := range []color.RGBA{palette[0], palette[2], {0xc7, 0xdd, 0xed, 0xff}} {
		if count[c] < 20 {
			t.Errorf("got %d pixels of %v, want 20 or more", count[c], c)
		}
	}
	if err := d.Save(filepath.Join(path, "below.png")); err == nil {
		t.Error("got no error for a path below a file")
	}
}

// Correct cells are blue, wrong ones red, and empty ones white.
func TestConfusion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "confusion.png")
	c := Confusion{Title: "three classes", Counts: &metrics.Confusion{Counts: [][]int{{8, 0, 2}, {0, 10, 0}, {0, 0, 0}}, NaN: make([]int, 3)}}
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	count := colours(t, path)
	for _, s := range []color.Color{shade(8, 10, true), shade(10, 10, true), shade(2, 10, false)} {
		if n := count[s.(color.RGBA)]; n < 1000 {
			t.Errorf("got %d pixels of %v, want 1000 or more", n, s)
		}
	}
}

// Classes have the given colours, and their numbers are written at the medians of their points.
func TestNamedPoints(t *testing.T) {
	path := filepath.Join(t.TempDir(), "points.png")
	d := Points{Title: "two classes", At: [][2]float64{{-0.5, 0.5}, {0.5, -0.5}}, Class: []int{0, 1}, Radius: 12, Colours: Distinct}
	if err := d.Save(path); err != nil {
		t.Fatal(err)
	}
	plain := colours(t, path)
	for _, c := range Distinct[:2] {
		if plain[c] < 100 {
			t.Errorf("got %d pixels of %v, want 100 or more", plain[c], c)
		}
	}
	d.Named = true
	if err := d.Save(path); err != nil {
		t.Fatal(err)
	}
	if named := colours(t, path); named[Distinct[0]] >= plain[Distinct[0]] || named[Distinct[1]] >= plain[Distinct[1]] {
		t.Errorf("got %d and %d pixels of the classes' colours, want fewer than %d and %d: the numbers are over the points",
			named[Distinct[0]], named[Distinct[1]], plain[Distinct[0]], plain[Distinct[1]])
	}
}
