package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomZoom makes each image larger or smaller about its center, with bilinear interpolation, by a factor from 1/Factor to Factor, whose
// logarithm is uniform. In inference it does nothing. The input is (batch, channels, height, width) or (batch, height, width), and
// keeps its shape.
type RandomZoom struct {
	Factor float64 // largest factor, at least 1; 0 means 1.2
	In     bool    // only larger: from 1 to Factor
	Fill   float64 // value of the pixels that move in from outside
}

// Emit implements graph.Layer.
func (r RandomZoom) Emit(s *graph.Scope, x graph.Node) graph.Node {
	factor := settings.AtLeast("Factor", r.Factor, 1).OrZero(1.2)
	x = checked(x, factor, settings.Finite("Fill", r.Fill))
	return augmented(s, x, func(x graph.Node) graph.Node {
		most := math.Log(factor.Value)
		least := -most
		if r.In {
			least = 0
		}
		scale, zero := uniform(s, x, -most, -least).Exp(), s.Scalar(0)
		return warp(x, r.Fill, scale, zero, zero, zero, scale, zero)
	})
}

// RandomCrop cuts a rectangle of Height×Width pixels out of each image, at a random place, whole pixels from the edges; in inference out
// of the middle. The input is (batch, channels, height, width) or (batch, height, width).
type RandomCrop struct {
	Height, Width int // at most those of the images
}

// Emit implements graph.Layer.
func (r RandomCrop) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Count("Height", r.Height, 1), settings.Count("Width", r.Width, 1))
	rank := x.Rank()
	switch {
	case x.Err() != nil:
		return x
	case rank != 3 && rank != 4:
		return x.Errorf("got shape %v, want (batch, channels, height, width) or (batch, height, width)", x.Shape())
	case r.Height > x.Dim(-2) || r.Width > x.Dim(-1):
		return x.Errorf("Height and Width: got %d and %d for shape %v, want at most the image's", r.Height, r.Width, x.Shape())
	}
	down, right := x.Dim(-2)-r.Height, x.Dim(-1)-r.Width
	top, left := down/2, right/2
	x = augmented(s, x, func(x graph.Node) graph.Node { // moves the rectangle to the middle
		one, zero := s.Scalar(1), s.Scalar(0)
		offset := func(most, middle int) graph.Node {
			n := float64(most)
			return uniform(s, x, 0, n+1).Clip(0, n+0.5).Floor().Shift(-float64(middle)) // rounding may reach n+1
		}
		return warp(x, 0, one, zero, offset(down, top), zero, one, offset(right, left))
	})
	return x.Slice(rank-2, top, top+r.Height).Slice(rank-1, left, left+r.Width)
}
