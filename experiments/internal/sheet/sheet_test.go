package sheet

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// grey returns the brightness of a pixel.
func grey(m image.Image, x, y int) uint8 { return color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y }

func TestImage(t *testing.T) {
	nan := float32(math.NaN())
	s := Sheet{Width: 2, Height: 1, Rows: []Row{
		{Cells: []Cell{{Pixels: []float32{0, 1}}, {Pixels: []float32{0.5, nan}}}},
		{Cells: []Cell{{Pixels: []float32{-3, 7}}}},
	}}
	m, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	const scale = side / 2
	if want := image.Rect(0, 0, 2*margin+4*scale+space, 2*margin+2*scale+space); m.Bounds() != want {
		t.Errorf("got %v, want %v", m.Bounds(), want)
	}
	for _, c := range []struct {
		name string
		x, y int // in pixels of the images, from the upper left cell, without the gaps between cells
		want uint8
	}{
		{"black", 0, 0, 0}, {"white", 1, 0, 255}, {"middle", 2, 0, 128}, {"NaN", 3, 0, 0},
		{"below 0", 0, 1, 0}, {"above 1", 1, 1, 255}, {"no image", 2, 1, 255},
	} {
		x, y := margin+c.x*scale+c.x/2*space, margin+c.y*(scale+space)
		for _, d := range []int{0, scale - 1} {
			if got := grey(m, x+d, y+d); got != c.want {
				t.Errorf("%s, %d: got %d, want %d", c.name, d, got, c.want)
			}
		}
	}
	if grey(m, 0, 0) != 255 {
		t.Errorf("got %d in the margin, want white, 255", grey(m, 0, 0))
	}
}

// Captions enlarge the sheet and are drawn in it.
func TestCaptions(t *testing.T) {
	cell := Cell{Pixels: make([]float32, 4)}
	plain := Sheet{Width: 2, Height: 2, Rows: []Row{{Cells: []Cell{cell}}}}
	cell.Text = "7"
	captions := Sheet{Title: "two\nlines", Width: 2, Height: 2, Rows: []Row{{Caption: "a caption", Gap: true, Cells: []Cell{cell}}}}
	a, err := plain.Image()
	if err != nil {
		t.Fatal(err)
	}
	b, err := captions.Image()
	if err != nil {
		t.Fatal(err)
	}
	if a.Bounds().Dx() >= b.Bounds().Dx() || a.Bounds().Dy() >= b.Bounds().Dy() {
		t.Errorf("got %v with captions, want more than %v", b.Bounds(), a.Bounds())
	}
	dark, green := 0, 0
	for y := range b.Bounds().Dy() {
		for x := range b.Bounds().Dx() {
			switch c := b.At(x, y).(color.RGBA); {
			case int(c.G) > int(c.R)+40:
				green++
			case c.R > 0 && c.R < 0x80: // not the image, which is black
				dark++
			}
		}
	}
	if dark < 20 || green < 5 {
		t.Errorf("got %d dark and %d green pixels of text, want 20 and 5 or more", dark, green)
	}
}

func TestErrors(t *testing.T) {
	for name, s := range map[string]Sheet{
		"no size":       {},
		"missing pixel": {Width: 2, Height: 2, Rows: []Row{{Cells: []Cell{{Pixels: make([]float32, 3)}}}}},
	} {
		if err := s.Save(filepath.Join(t.TempDir(), "s.png")); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	s := Sheet{Width: 2, Height: 2}
	path := filepath.Join(t.TempDir(), "s.png")
	if err := s.Save(path); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(filepath.Join(path, "below.png")); err == nil {
		t.Error("got no error for a path below a file")
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := png.Decode(file); err != nil {
		t.Error(err)
	}
}
