package datasets

import (
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph"
)

// TwoGaussians returns n points of the plane in two classes, which are normally distributed around (-1,-1) and (1,1) with the
// standard deviation 0.5. About 1 point in 400 is nearer to the other center. X has the shape (n,2); Y contains class numbers and
// has the shape (n). An n below 1 means 1.
func TwoGaussians(n int, seed uint64) graph.Arrays {
	return clouds(n, seed, 0.5, [][2]float64{{-1, -1}, {1, 1}})
}

// FourGaussians returns n points of the plane in four classes, which are normally distributed around (-1,-1), (-1,1), (1,-1) and
// (1,1) with the standard deviation 0.35. About 1 point in 230 is nearer to another center. X has the shape (n,2); Y contains
// class numbers and has the shape (n). An n below 1 means 1.
func FourGaussians(n int, seed uint64) graph.Arrays {
	return clouds(n, seed, 0.35, [][2]float64{{-1, -1}, {-1, 1}, {1, -1}, {1, 1}})
}

// FourStripes returns n points, uniform in the square from (-1,-1) to (1,1), in four classes: vertical stripes of equal width,
// from left to right. X has the shape (n,2); Y contains class numbers and has the shape (n). An n below 1 means 1.
func FourStripes(n int, seed uint64) graph.Arrays {
	rng := rand.New(rand.NewPCG(seed, 0))
	return points(n, func() (x, y float64, class int) {
		x, y = 2*rng.Float64()-1, 2*rng.Float64()-1
		return x, y, int(math.Floor(2*x)) + 2
	})
}

// Line returns n points of the line y = x/2 + 0.2, with x uniform in [-1,1) and normal noise of the given standard deviation
// added to y. X and Y have the shape (n,1). An n below 1 means 1.
func Line(n int, noise float64, seed uint64) graph.Arrays {
	n = max(n, 1)
	rng := rand.New(rand.NewPCG(seed, 0))
	x, y := make([]float32, n), make([]float32, n)
	for i := range n {
		v := 2*rng.Float64() - 1
		x[i], y[i] = float32(v), float32(v/2+0.2+noise*rng.NormFloat64())
	}
	return graph.Arrays{X: dense(x, n, 1), Y: dense(y, n, 1)}
}

// clouds returns n points, normally distributed around the centers, in equal numbers and random order.
func clouds(n int, seed uint64, deviation float64, centers [][2]float64) graph.Arrays {
	rng := rand.New(rand.NewPCG(seed, 0))
	order := rng.Perm(max(n, 1))
	return points(n, func() (x, y float64, class int) {
		class, order = order[0]%len(centers), order[1:]
		c := centers[class]
		return c[0] + deviation*rng.NormFloat64(), c[1] + deviation*rng.NormFloat64(), class
	})
}

// points returns n points with their classes, at least one.
func points(n int, next func() (x, y float64, class int)) graph.Arrays {
	n = max(n, 1)
	x, classes := make([]float32, 0, 2*n), make([]float32, 0, n)
	for range n {
		a, b, class := next()
		x, classes = append(x, float32(a), float32(b)), append(classes, float32(class))
	}
	return graph.Arrays{X: dense(x, n, 2), Y: dense(classes, n)}
}
