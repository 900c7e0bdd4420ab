package datasets

import (
	"math"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/stretchr/testify/assert"
)

func sqrt(x float64) float64 { return math.Sqrt(x) }

// TestToyClasses checks that the rule behind each toy set predicts the classes: the nearest center, or the stripe.
func TestToyClasses(t *testing.T) {
	const n = 4000
	side := func(v float32) float32 {
		if v > 0 {
			return 1
		}
		return 0
	}
	for _, c := range []struct {
		name    string
		set     func(n int, seed uint64) graph.Arrays
		classes int
		rule    func(x, y float32) float32
		right   float64 // fraction of points that follow the rule
	}{
		// The border is half-way to the next center: at a distance of √2 for two centers, of 1 in two directions for four.
		// By the normal distribution, Φ(√2/0.5) = 0.9977 and Φ(1/0.35)² = 0.9957 of the points are on their side.
		{"TwoGaussians", TwoGaussians, 2, func(x, y float32) float32 { return side(x + y) }, 0.9977},
		{"FourGaussians", FourGaussians, 4, func(x, y float32) float32 { return 2*side(x) + side(y) }, 0.9957},
		{"FourStripes", FourStripes, 4, func(x, y float32) float32 {
			return side(x+0.5) + side(x) + side(x-0.5)
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := c.set(n, 1)
			assert.Equal(t, []int{n, 2}, []int(set.X.Shape()))
			assert.Equal(t, []int{n}, []int(set.Y.Shape()))
			x, y := set.X.Data().([]float32), set.Y.Data().([]float32)
			counts, right := make([]float64, c.classes), 0.
			for i, class := range y {
				counts[int(class)]++
				if c.rule(x[2*i], x[2*i+1]) == class {
					right++
				}
			}
			assert.InDelta(t, c.right, right/n, 5*sqrt(c.right*(1-c.right)/n))
			for _, k := range counts {
				assert.InDelta(t, n/float64(c.classes), k, 150)
			}
			assert.Equal(t, x, c.set(n, 1).X.Data(), "same seed")
			assert.NotEqual(t, x, c.set(n, 2).X.Data(), "other seed")
			assert.Equal(t, 1, c.set(0, 1).Len(), "at least one point")
		})
	}
}

func TestLine(t *testing.T) {
	const n = 10_000
	set := Line(n, 0.05, 1)
	x, y := set.X.Data().([]float32), set.Y.Data().([]float32)
	assert.Equal(t, []int{n, 1}, []int(set.X.Shape()))
	assert.Equal(t, []int{n, 1}, []int(set.Y.Shape()))
	mean, square := 0., 0.
	for i := range x {
		d := float64(y[i] - (x[i]/2 + 0.2))
		mean += d / n
		square += d * d / n
	}
	assert.InDelta(t, 0, mean, 5*0.05/100)
	assert.InDelta(t, 0.05, sqrt(square), 5*0.05/sqrt(2*n))

	exact := Line(10, 0, 1)
	for i, v := range exact.X.Data().([]float32) {
		assert.InDelta(t, v/2+0.2, exact.Y.Data().([]float32)[i], 1e-7)
	}
}
