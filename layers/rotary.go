package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// A rotation turns vectors by their places in time (Su et al. 2021, section 3.2.2): features i and i+size/2 of each head by the
// angle t/10000^(2i/size). The product of two vectors then depends on the difference of their places.
type rotation struct {
	size     int
	cos, sin graph.Node // (time, 1, 2, size/2)
}

// rotary returns the rotation of heads of the given size in a sequence.
func rotary(s *graph.Scope, time, size int) rotation {
	half := size / 2
	cos, sin := make([]graph.Wave, 2*half), make([]graph.Wave, 2*half)
	for i := range half {
		rate := math.Pow(10000, -float64(2*i)/float64(size))
		cos[i], cos[half+i] = graph.Wave{Rate: rate, Cosine: true}, graph.Wave{Rate: rate, Cosine: true}
		sin[i], sin[half+i] = graph.Wave{Rate: -rate}, graph.Wave{Rate: rate}
	}
	return rotation{size, s.Waves(cos, time, 1, 2, half), s.Waves(sin, time, 1, 2, half)}
}

// turn turns the vectors of heads, (batch, time, heads·size).
func (r rotation) turn(x graph.Node) graph.Node {
	y := x.Reshape(x.Dim(0), x.Dim(1), -1, 2, r.size/2)
	return y.Mul(r.cos).Add(y.Reverse(3).Mul(r.sin)).Reshape(x.Shape()...)
}
