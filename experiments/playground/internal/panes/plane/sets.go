package plane

import (
	"math"
	"math/rand/v2"
)

// sets are the sets of points by name: functions that draw a point of a class, 0 or 1, roughly between -1 and 1. The page shows
// their source.
var sets = map[string]func(rng *rand.Rand, class int) (x, y float64){
	"circles": circles, "moons": moons, "spiral": spiral, "xor": xor, "gaussians": gaussians,
}

// circles draws from a disk around the origin or from a ring around the disk.
func circles(rng *rand.Rand, class int) (x, y float64) {
	radius := 0.4 * math.Sqrt(rng.Float64())
	if class == 1 {
		radius = 0.7 + 0.2*rng.Float64()
	}
	angle := 2 * math.Pi * rng.Float64()
	return radius * math.Cos(angle), radius * math.Sin(angle)
}

// moons draws from one of two half circles that interlock.
func moons(rng *rand.Rand, class int) (x, y float64) {
	angle := math.Pi * rng.Float64()
	x, y = 0.6*math.Cos(angle)-0.3, 0.6*math.Sin(angle)-0.15
	if class == 1 {
		x, y = -x, -y
	}
	return x, y
}

// spiral draws from one of the two arms of a spiral.
func spiral(rng *rand.Rand, class int) (x, y float64) {
	t := rng.Float64()
	angle := 2.5*math.Pi*t + math.Pi*float64(class)
	return (0.1 + 0.85*t) * math.Sin(angle), (0.1 + 0.85*t) * math.Cos(angle)
}

// xor draws from two opposite quarters of the square.
func xor(rng *rand.Rand, class int) (x, y float64) {
	x, y = 0.05+0.85*rng.Float64(), 0.05+0.85*rng.Float64()
	if rng.IntN(2) == 1 {
		x, y = -x, -y
	}
	if class == 1 {
		x = -x
	}
	return x, y
}

// gaussians draws from a normal distribution around one of two centers.
func gaussians(rng *rand.Rand, class int) (x, y float64) {
	center := float64(2*class-1) * 0.45
	return center + 0.2*rng.NormFloat64(), center + 0.2*rng.NormFloat64()
}
