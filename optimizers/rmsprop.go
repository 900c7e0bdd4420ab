package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// RMSProp divides the gradient by the square root of a decaying mean of its squares (Tieleman and Hinton, 2012, lecture 6.5
// of "Neural networks for machine learning"), with ε outside the root as in PyTorch:
//
//	g = g + weightDecay·w
//	v = ρ·v + (1-ρ)·g²
//	w = w - lr · g/(√v + ε)
//
// Centered divides by the standard deviation instead, and Momentum accumulates the steps in a velocity m (Graves, 2013,
// "Generating sequences with recurrent neural networks"):
//
//	with Centered:  a = ρ·a + (1-ρ)·g,  and √(v - a²) in place of √v
//	with Momentum:  m = momentum·m + g/(√v + ε),  w = w - lr·m
type RMSProp struct {
	LearningRate  float64 // default 0.01
	Rho           float64 // ρ, decay of the mean square; default 0.99
	Epsilon       float64 // ε; default 1e-8
	Momentum      float64 // fraction of the velocity that a step keeps; default 0, no momentum
	Centered      bool
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = RMSProp{}

// Rate implements graph.Optimizer.
func (r RMSProp) Rate() float64 { return settings.Or(r.LearningRate, 0.01) }

// Slots implements graph.Optimizer.
func (r RMSProp) Slots() int {
	n := 1
	if r.Momentum != 0 {
		n++
	}
	if r.Centered {
		n++
	}
	return n
}

// Update32 implements graph.Optimizer.
func (r RMSProp) Update32(u graph.Update[float32]) { rmsprop(r, u) }

// Update64 implements graph.Optimizer.
func (r RMSProp) Update64(u graph.Update[float64]) { rmsprop(r, u) }

// ScalesGrad implements graph.GradScaler.
func (RMSProp) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (r RMSProp) Validate() error {
	return settings.CheckIn("optimizers: RMSProp",
		settings.AtLeast("LearningRate", r.LearningRate, 0), settings.Decay("Rho", r.Rho),
		settings.AtLeast("Epsilon", r.Epsilon, 0), settings.Decay("Momentum", r.Momentum),
		settings.AtLeast("WeightDecay", r.WeightDecay, 0))
}

func rmsprop[T graph.Float](r RMSProp, u graph.Update[T]) {
	args := kernels.RMSPropArgs[T]{
		LR: T(u.Rate), Alpha: T(settings.Or(r.Rho, 0.99)), Eps: epsilon[T](settings.Or(r.Epsilon, 1e-8)), Momentum: T(r.Momentum),
		GradScale: T(u.Scale), WeightDecay: T(decayOf(r.WeightDecay, r.NoVectorDecay, u.Shape)),
	}
	var velocity, means []T
	if r.Momentum != 0 {
		velocity = u.Slots[1]
	}
	if r.Centered {
		means = u.Slots[len(u.Slots)-1]
	}
	kernels.RMSProp(u.Weights, u.Grad, u.Slots[0], velocity, means, args)
}
