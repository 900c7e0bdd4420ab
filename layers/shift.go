package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomShift moves each image by whole pixels, up or down and sideways, in training; in inference it does nothing. Each
// distance up to the furthest is as likely. Images are (batch, channels, height, width) or (batch, height, width).
type RandomShift struct {
	Pixels []int   // the furthest: one number, or that up and down and that sideways
	Share  float64 // if Pixels is nil: the furthest as a share of the height and of the width, at most 1; rounded to pixels
	Fill   float64 // of the pixels that come in
}

// Emit implements graph.Layer.
func (r RandomShift) Emit(s *graph.Scope, x graph.Node) graph.Node {
	switch {
	case r.Share == 0 && r.Pixels == nil:
		return x.Errorf("got neither Pixels nor Share, want one of them")
	case r.Share != 0 && r.Pixels != nil:
		return x.Errorf("got Pixels %v and Share %v, want one of them", r.Pixels, r.Share)
	}
	x = checked(x, settings.Between("Share", r.Share, 0, 1), settings.Finite("Fill", r.Fill))
	share := func(n int) int { return int(math.Round(r.Share * float64(n))) }
	furthest := []int{share(x.Dim(-2)), share(x.Dim(-1))}
	if r.Pixels != nil {
		furthest, x = perDim(x, "Pixels", r.Pixels, 2, 0, 0)
	}
	return augmented(s, x, func(x graph.Node) graph.Node {
		one, zero := s.Scalar(1), s.Scalar(0)
		return warp(x, r.Fill, one, zero, wholePixels(s, x, furthest[0]), zero, one, wholePixels(s, x, furthest[1]))
	})
}

// whole returns random whole numbers from -n to n, one for each image: (batch, 1).
func wholePixels(s *graph.Scope, x graph.Node, n int) graph.Node {
	top := float64(2 * n)
	return uniform(s, x, 0, top+1).Clip(0, top).Floor().Shift(-float64(n)) // rounding may have made it top+1
}
