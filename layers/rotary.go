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
	rates := make([]float64, half)
	for i := range rates {
		rates[i] = math.Pow(10000, float64(2*i)/float64(size))
	}
	angle := func(t, i int) float64 { return float64(t) / rates[i%half] }
	cos := s.TimeTable(func(t, i int) float64 { return math.Cos(angle(t, i)) }, time, 1, 2, half)
	sin := s.TimeTable(func(t, i int) float64 {
		if i < half {
			return -math.Sin(angle(t, i))
		}
		return math.Sin(angle(t, i))
	}, time, 1, 2, half)
	return rotation{size, cos, sin}
}

// turn turns the vectors of heads, (batch, time, heads·size).
func (r rotation) turn(x graph.Node) graph.Node {
	y := x.Reshape(x.Dim(0), x.Dim(1), -1, 2, r.size/2)
	return y.Mul(r.cos).Add(y.Reverse(3).Mul(r.sin)).Reshape(x.Shape()...)
}
