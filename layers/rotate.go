package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomRotate turns each image around its middle in training; in inference it does nothing. Each angle up to Degrees, to
// either side, is as likely; pixels are between others bilinearly. Images are (batch, channels, height, width) or (batch,
// height, width).
type RandomRotate struct {
	Degrees float64 // the furthest, more than 0 and at most 180
	Fill    float64 // of the pixels that come in
}

// Emit implements graph.Layer.
func (r RandomRotate) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Positive("Degrees", r.Degrees, 180), settings.Finite("Fill", r.Fill))
	return augmented(s, x, func(x graph.Node) graph.Node {
		furthest := r.Degrees * math.Pi / 180
		angle, zero := uniform(s, x, -furthest, furthest), s.Scalar(0)
		return warp(x, r.Fill, angle.Cos(), angle.Sin().Neg(), zero, angle.Sin(), angle.Cos(), zero)
	})
}
