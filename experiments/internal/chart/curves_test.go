package chart

import (
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

func TestSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "curves.png")
	for _, c := range []struct {
		name   string
		values []float64
	}{
		{"no epoch", nil},
		{"one epoch", []float64{1}},
		{"some epochs", []float64{3, 2, 1.5, 1.6}},
	} {
		curves := Curves{Title: c.name, Y: "loss", Lines: []Line{{"training", c.values}, {"validation", c.values}}, Marked: len(c.values)}
		if err := curves.Save(path); err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := png.Decode(file); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		file.Close()
	}
	if err := (Curves{Lines: []Line{{"training", []float64{math.NaN()}}}}).Save(path); err == nil {
		t.Error("got no error for NaN")
	}
	if err := (Curves{}).Save(filepath.Join(path, "below.png")); err == nil {
		t.Error("got no error for a path below a file")
	}
}

func TestEpochs(t *testing.T) {
	for _, c := range []struct {
		low, high   float64
		n           int
		first, last string
	}{
		{1, 3, 3, "1", "3"},
		{1, 30, 6, "5", "30"},
		{0, 2, 2, "1", "2"},
		{1, 1000, 10, "100", "1000"},
	} {
		ticks := epochs(c.low, c.high)
		if len(ticks) != c.n || ticks[0].Label != c.first || ticks[len(ticks)-1].Label != c.last {
			t.Errorf("%v to %v: got %v, want %d from %s to %s", c.low, c.high, ticks, c.n, c.first, c.last)
		}
	}
}
