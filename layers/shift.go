package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomShift moves each image vertically and horizontally by a random integer number of pixels, uniform up to the largest
// shift in either direction. In inference it does nothing. The input is (batch, channels, height, width) or (batch, height,
// width), and keeps its shape. Set either Pixels or Fraction.
type RandomShift struct {
	Pixels   []int   // largest shift in pixels: one number, or vertical and horizontal
	Fraction float64 // largest shift as a fraction of the height and of the width, at most 1; rounded to pixels
	Fill     float64 // value of the pixels that move in from outside
}

// Emit implements graph.Layer.
func (r RandomShift) Emit(s *graph.Scope, x graph.Node) graph.Node {
	switch {
	case r.Fraction == 0 && r.Pixels == nil:
		return x.Errorf("got neither Pixels nor Fraction, want one of them")
	case r.Fraction != 0 && r.Pixels != nil:
		return x.Errorf("got Pixels %v and Fraction %v, want one of them", r.Pixels, r.Fraction)
	}
	x = checked(x, settings.Between("Fraction", r.Fraction, 0, 1), settings.Finite("Fill", r.Fill))
	pixels := func(size int) int { return int(math.Round(r.Fraction * float64(size))) }
	largest := []int{pixels(x.Dim(-2)), pixels(x.Dim(-1))}
	if r.Pixels != nil {
		largest, x = perDim(x, "Pixels", r.Pixels, 2, 0, 0)
	}
	return augmented(s, x, func(x graph.Node) graph.Node {
		one, zero := s.Scalar(1), s.Scalar(0)
		return warp(x, r.Fill, one, zero, uniformInt(s, x, largest[0]), zero, one, uniformInt(s, x, largest[1]))
	})
}

// uniformInt returns a random integer from -n to n for each image, (batch, 1).
func uniformInt(s *graph.Scope, x graph.Node, n int) graph.Node {
	top := float64(2 * n)
	return uniform(s, x, 0, top+1).Clip(0, top).Floor().Shift(-float64(n)) // rounding may reach top+1
}
