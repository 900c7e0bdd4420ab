package kernels

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWarpMoves checks that shifts by integers, turns by a right angle and mirror images copy pixels, even NaN and
// infinities.
func TestWarpMoves(t *testing.T) {
	src := []float32{
		1, 2, 3,
		4, 5, 6,
		7, 8, 9,
	}
	for name, c := range map[string]struct{ m, want []float32 }{
		"nothing":    {[]float32{1, 0, 0, 0, 1, 0}, src},
		"one down":   {[]float32{1, 0, -1, 0, 1, 0}, []float32{-1, -1, -1, 1, 2, 3, 4, 5, 6}},
		"two right":  {[]float32{1, 0, 0, 0, 1, -2}, []float32{-1, -1, 1, -1, -1, 4, -1, -1, 7}},
		"half left":  {[]float32{1, 0, 0, 0, 1, 0.5}, []float32{1.5, 2.5, 1, 4.5, 5.5, 2.5, 7.5, 8.5, 4}},
		"mirror":     {[]float32{1, 0, 0, 0, -1, 0}, []float32{3, 2, 1, 6, 5, 4, 9, 8, 7}},
		"right turn": {[]float32{0, -1, 0, 1, 0, 0}, []float32{7, 4, 1, 8, 5, 2, 9, 6, 3}},
		"far away":   {[]float32{1, 0, 1e30, 0, 1, 0}, slices.Repeat([]float32{-1}, 9)},
	} {
		got := make([]float32, 9)
		if Warp(ImageShape{1, 3, 3}, got, src, c.m, -1); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	got := make([]float64, 4)
	Warp(ImageShape{2, 1, 2}, got, []float64{math.NaN(), 1, math.Inf(1), 2}, []float64{1, 0, 0, 0, 1, 1}, 0)
	if !slices.Equal(got, []float64{1, 0, 2, 0}) {
		t.Errorf("next to NaN: got %v", got)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		if Warp(ImageShape{1, 1, 2}, got[:2], got[2:], []float64{1, 0, bad, 0, 1, 0}, 0); got[0] == got[0] {
			t.Errorf("moved by %v: got %v, want NaN", bad, got)
		}
	}
}

// TestWarpAdjoint checks that <Warp(x), y> equals <x, WarpAdjoint(y)>.
func TestWarpAdjoint(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	random := func(n int) []float64 {
		x := make([]float64, n)
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		return x
	}
	for _, s := range []ImageShape{{1, 1, 1}, {2, 5, 4}, {3, 1, 7}, {1, 6, 1}} {
		n := s.Channels * s.Height * s.Width
		x, y, m := random(n), random(n), random(6)
		forth, back := make([]float64, n), make([]float64, n)
		Warp(s, forth, x, m, 0)
		WarpAdjoint(s, back, y, m)
		a, b := 0.0, 0.0
		for i := range n {
			a += forth[i] * y[i]
			b += x[i] * back[i]
		}
		if math.Abs(a-b) > 1e-12 {
			t.Errorf("%v: got %v and %v, want the same", s, a, b)
		}
	}
}
