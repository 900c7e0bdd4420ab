package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// RandomRotate rotates each image about its center by a random angle, uniform from -Degrees to Degrees, with bilinear
// interpolation. In inference it does nothing. The input is (batch, channels, height, width) or (batch, height, width), and
// keeps its shape.
type RandomRotate struct {
	Degrees float64 // largest angle in degrees, greater than 0 and at most 180
	Fill    float64 // value of the pixels that move in from outside
}

// Emit implements graph.Layer.
func (r RandomRotate) Emit(s *graph.Scope, x graph.Node) graph.Node {
	x = checked(x, settings.Positive("Degrees", r.Degrees, 180), settings.Finite("Fill", r.Fill))
	return augmented(s, x, func(x graph.Node) graph.Node {
		largest := r.Degrees * math.Pi / 180
		angle, zero := uniform(s, x, -largest, largest), s.Scalar(0)
		return warp(x, r.Fill, angle.Cos(), angle.Sin().Neg(), zero, angle.Sin(), angle.Cos(), zero)
	})
}
