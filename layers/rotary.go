package layers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// rotary turns the vectors of heads, (batch, time, heads·size), by their places in time, from the place first on (Su et al.
// 2021, section 3.2.2): features i and i+size/2 of each head by the angle t/10000^(2i/size). The product of two vectors then
// depends on the difference of their places.
func rotary(s *graph.Scope, x graph.Node, size, first int) graph.Node {
	time, half := x.Dim(1), size/2
	angle := func(i int) float64 { // of element i of (time, 1, halves, half)
		return float64(first+i/size) / math.Pow(10000, float64(2*(i%half))/float64(size))
	}
	cos := s.Table(func(i int) float64 { return math.Cos(angle(i)) }, time, 1, 2, half)
	sin := s.Table(func(i int) float64 {
		if i%size < half {
			return -math.Sin(angle(i))
		}
		return math.Sin(angle(i))
	}, time, 1, 2, half)
	y := x.Reshape(x.Dim(0), time, -1, 2, half)
	return y.Mul(cos).Add(y.Reverse(3).Mul(sin)).Reshape(x.Shape()...)
}
