package main

import (
	"math"
	"math/rand/v2"
)

// A state of the cart and the pole: the cart's position in m and velocity in m/s, the pole's angle from upright in rad and its
// angular velocity in rad/s.
type state [4]float64

const limit = 500 // steps of the longest episode

// start returns a state near the upright pole at rest.
func start(rng *rand.Rand) (s state) {
	for i := range s {
		s[i] = 0.1*rng.Float64() - 0.05
	}
	return s
}

// push returns the state 0.02 s after s, while a force of 10 N pushes the cart to the left (action 0) or to the right (action 1).
// It is the frictionless cart-pole of Barto, Sutton and Anderson (1983, "Neuronlike adaptive elements that can solve difficult
// learning control problems"), in Euler's steps, with the numbers of Gym's CartPole-v1.
func (s state) push(action int) state {
	const gravity, cart, pole, half, step = 9.8, 1.0, 0.1, 0.5, 0.02 // m/s², kg, kg, half of the pole's length in m, s
	force := 20*float64(action) - 10
	sin, cos := math.Sincos(s[2])
	a := (force + pole*half*s[3]*s[3]*sin) / (cart + pole)
	angular := (gravity*sin - cos*a) / (half * (4.0/3 - pole*cos*cos/(cart+pole)))
	linear := a - pole*half*angular*cos/(cart+pole)
	return state{s[0] + step*s[1], s[1] + step*linear, s[2] + step*s[3], s[3] + step*angular}
}

// fallen reports whether the cart has left the track or the pole leans by more than 12 degrees.
func (s state) fallen() bool { return math.Abs(s[0]) > 2.4 || math.Abs(s[2]) > 12*math.Pi/180 }
