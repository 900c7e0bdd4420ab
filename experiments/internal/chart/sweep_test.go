package chart

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
)

// A sweep shows the losses, their average and the mark, also if the losses grow without bounds.
func TestSweep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sweep.png")
	var s Sweep
	for i := range 60 {
		rate := math.Pow(10, -5+float64(i)/10)
		s.Points = append(s.Points, callbacks.RatePoint{Rate: rate, Loss: 2 + 1e3*rate*rate, Smooth: 2 + rate})
	}
	s.Suggestion = 1e-3
	if err := s.Save(path); err != nil {
		t.Fatal(err)
	}
	count := colours(t, path)
	for _, c := range palette[:2] {
		if count[c] < 100 {
			t.Errorf("got %d pixels of %v, want 100 or more", count[c], c)
		}
	}
	s.Points = nil
	if err := s.Save(path); err == nil {
		t.Error("got no error without points")
	}
}

func TestPowers(t *testing.T) {
	var labels []string
	ticks := powers(2e-5, 0.1)
	for _, k := range ticks {
		if k.Label != "" {
			labels = append(labels, k.Label)
		}
	}
	if !slices.Equal(labels, []string{"0.0001", "0.001", "0.01", "0.1"}) || len(ticks) != 8+9+9+9+1 {
		t.Errorf("got %q in %d ticks, want 0.0001 to 0.1 in 36", labels, len(ticks))
	}
}
