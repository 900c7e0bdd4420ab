package plane

import (
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
)

// points draws n points of the plane, of class 0 and 1 in turns, and adds normal noise.
func points(n int, seed uint64, noise float64, draw func(rng *rand.Rand, class int) (x, y float64)) (points [][3]float64) {
	rng := rand.New(rand.NewPCG(seed, 0))
	for i := range n {
		x, y := draw(rng, i%2)
		points = append(points, [3]float64{x + noise*rng.NormFloat64(), y + noise*rng.NormFloat64(), float64(i % 2)})
	}
	return points
}

// arrays makes a data set of points.
func arrays(points [][3]float64) graph.Arrays {
	var x, class []float32
	for _, p := range points {
		x = append(x, float32(p[0]), float32(p[1]))
		class = append(class, float32(p[2]))
	}
	return graph.Arrays{
		X: tensor.New(tensor.WithShape(len(points), 2), tensor.WithBacking(x)),
		Y: tensor.New(tensor.WithShape(len(points)), tensor.WithBacking(class)),
	}
}
