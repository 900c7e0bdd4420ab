package draw

import (
	"strings"
	"testing"
)

func TestImages(t *testing.T) {
	var b strings.Builder
	Images(&b, 2, 2, []float32{0, 1, 0, 1}, []float32{1, 0.5, 0, 0.5})
	if want := "| @|  |++|\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestPlane(t *testing.T) {
	points := Grid(2, 1)
	if len(points) != 16 || points[0] != -0.75 || points[1] != 0.5 || points[15] != -0.5 {
		t.Errorf("got %v, want 8 points from (-0.75, 0.5) to (0.75, -0.5)", points)
	}
	var b strings.Builder
	Plane(&b, 4, []float32{0, 2, 0, -1, 1, 0, 0, 0})
	if want := "| @  |\n|@   |\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
