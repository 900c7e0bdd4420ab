package optimizers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
)

// smallestNormal returns the smallest positive number of the type that is not denormal.
func smallestNormal[T graph.Float]() T {
	if _, single := any(T(0)).(float32); single {
		return 0x1p-126
	}
	tiny := 0x1p-1022
	return T(tiny)
}

// flush returns 0 if x is closer to 0 than tiny, and x otherwise, also if it is NaN.
func flush[T graph.Float](x, tiny T) T {
	if x < tiny && x > -tiny {
		return 0
	}
	return x
}

// epsilon returns e as a T greater than 0, so that no quotient is 0/0.
func epsilon[T graph.Float](e float64) T { return max(T(e), smallestNormal[T]()) }

// sqrt returns the square root of x.
func sqrt[T graph.Float](x T) T { return T(math.Sqrt(float64(x))) }

// unbias returns 1 - βᵗ, with β rounded to T: the sum of the weights in a mean that decays by β, after t steps.
func unbias[T graph.Float](beta float64, t int) float64 {
	return -math.Expm1(float64(t) * math.Log(float64(T(beta))))
}
