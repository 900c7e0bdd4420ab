package main

import (
	"math"
	"math/rand/v2"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// A problem is a differential equation on a box, with the network that solves it and the known solution.
type problem struct {
	net       graph.LayerFunc
	low, high []float64 // the corners of the box
	exact     func(x []float64) float64
	slices    []float64 // values of the last coordinate at which the solution is drawn; nil if there is one coordinate
}

// points returns n random points in the box, (n, coordinates).
func (p problem) points(n int, seed uint64) *tensor.Dense {
	rng := rand.New(rand.NewPCG(seed, 1))
	data := make([]float64, 0, n*len(p.low))
	for range n {
		for i, low := range p.low {
			data = append(data, low+(p.high[i]-low)*rng.Float64())
		}
	}
	return tensor.New(tensor.WithShape(n, len(p.low)), tensor.WithBacking(data))
}

// perceptron returns tanh layers of 20 units and a linear one of one unit.
func perceptron(depth int) layers.Sequential {
	var net layers.Sequential
	for range depth {
		net = append(net, layers.Dense{Units: 20}, layers.Tanh{})
	}
	return append(net, layers.Dense{Units: 1})
}

// by returns the derivative of u, (n, 1), by coordinate i of x. Row k of u depends only on row k of x, so the derivative of the
// sum of u has the derivative of each row.
func by(u, x graph.Node, i int) graph.Node {
	return graph.Grad(u.Sum(), x)[0].Slice(1, i, i+1)
}

// The oscillator u” + u = 0 with u(0) = 0 and u'(0) = 1, which is the sine. The network multiplies a factor, so the two conditions
// hold exactly.
var oscillator = problem{
	low: []float64{0}, high: []float64{2 * math.Pi},
	exact: func(x []float64) float64 { return math.Sin(x[0]) },
	net: func(s *graph.Scope, x graph.Node) graph.Node {
		n := s.Apply(perceptron(2), x.Scale(1/math.Pi).Shift(-1))
		ramp := x.Tanh()
		u := ramp.Add(ramp.Square().Mul(n))
		second := by(by(u, x, 0), x, 0)
		s.Penalty(second.Add(u).Square().Mean())
		return u
	},
}

// viscosity is the one of Raissi et al.; the solution has a steep front at x = 0.
const viscosity = 0.01 / math.Pi

// Burgers' equation ∂u/∂t + u·∂u/∂x = viscosity·∂²u/∂x² for x in [-1, 1] and t in [0, 1], with u = -sin(πx) at t = 0, and u = 0 at
// the ends. The factors of the network make the conditions hold exactly.
var burgers = problem{
	low: []float64{-1, 0}, high: []float64{1, 1},
	exact: coleHopf, slices: []float64{0.25, 0.5, 0.75, 1},
	net: func(s *graph.Scope, in graph.Node) graph.Node {
		x, t := in.Slice(1, 0, 1), in.Slice(1, 1, 2)
		n := s.Apply(perceptron(6), in)
		start := x.Scale(math.Pi).Sin().Neg()
		u := start.Add(t.Mul(x.Square().Neg().Shift(1)).Mul(n))
		inX := by(u, in, 0)
		residual := by(u, in, 1).Add(u.Mul(inX)).Sub(by(inX, in, 0).Scale(viscosity))
		s.Penalty(residual.Square().Mean())
		return u
	},
}

// coleHopf returns the solution of Burgers' equation at (x, t): a quotient of two integrals over the heat kernel (Cole 1951; the
// form is that of Basdevant et al. 1986), each computed as a sum over 4,000 steps.
func coleHopf(at []float64) float64 {
	x, t := at[0], at[1]
	if t == 0 {
		return -math.Sin(math.Pi * x)
	}
	const steps, reach = 4000, 12.0
	width := math.Sqrt(4 * viscosity * t)
	exponent := func(z float64) float64 {
		return -z*z - math.Cos(math.Pi*(x-width*z))/(2*math.Pi*viscosity)
	}
	largest := math.Inf(-1)
	for i := range steps {
		largest = max(largest, exponent(reach*(2*float64(i)/steps-1)))
	}
	above, below := 0.0, 0.0
	for i := range steps {
		z := reach * (2*float64(i)/steps - 1)
		w := math.Exp(exponent(z) - largest)
		above += w * math.Sin(math.Pi*(x-width*z))
		below += w
	}
	return -above / below
}
