package machine

import (
	"math"
	"runtime"
	"testing"
)

func TestPeak(t *testing.T) {
	if peak := Peak(); peak < 0.1 || peak > 1e5 {
		t.Errorf("got %v GFLOP/s, want a number that a core can reach, or NaN", peak)
	}
}

func TestSpeed(t *testing.T) {
	before, calls := runtime.GOMAXPROCS(0), 0
	speed := Speed(1, 100, func() {
		calls++
		if cores := runtime.GOMAXPROCS(0); cores != 1 {
			t.Errorf("got %d cores, want 1", cores)
		}
	})
	if calls < 2 || speed <= 0 || math.IsNaN(speed) {
		t.Errorf("got %v GFLOP/s in %d calls", speed, calls)
	}
	if after := runtime.GOMAXPROCS(0); after != before {
		t.Errorf("got %d cores afterwards, want %d", after, before)
	}
}
