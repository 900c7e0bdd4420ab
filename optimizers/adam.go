package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// Adam divides a decaying mean of the gradients by the square root of a decaying mean of their squares. Both means start at
// 0, and are corrected for it (Kingma and Ba, 2015, "Adam: a method for stochastic optimization"):
//
//	g = g + weightDecay·w
//	m = β₁·m + (1-β₁)·g
//	v = β₂·v + (1-β₂)·g²
//	w = w - lr · m/(1-β₁ᵗ) / (√(v/(1-β₂ᵗ)) + ε)
//
// With AMSGrad the largest v so far replaces v under the root (Reddi et al., 2018, "On the convergence of Adam and beyond").
type Adam struct {
	LearningRate  float64 // default 0.001
	Beta1         float64 // β₁, decay of the mean gradient; default 0.9
	Beta2         float64 // β₂, decay of the mean square; default 0.999
	Epsilon       float64 // ε; default 1e-8
	WeightDecay   float64 // L2; default 0. For decoupled decay use AdamW
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
	AMSGrad       bool
}

var _ rule = Adam{}

// Rate implements graph.Optimizer.
func (a Adam) Rate() float64 { return settings.Or(a.LearningRate, 1e-3) }

// Slots implements graph.Optimizer.
func (a Adam) Slots() int {
	if a.AMSGrad {
		return 3
	}
	return 2
}

// Update32 implements graph.Optimizer.
func (a Adam) Update32(u graph.Update[float32]) { adam(a, u, a.WeightDecay, 0) }

// Update64 implements graph.Optimizer.
func (a Adam) Update64(u graph.Update[float64]) { adam(a, u, a.WeightDecay, 0) }

// ScalesGrad implements graph.GradScaler.
func (Adam) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (a Adam) Validate() error { return a.validate("optimizers: Adam") }

func (a Adam) validate(where string) error {
	return settings.CheckIn(where,
		settings.AtLeast("LearningRate", a.LearningRate, 0), settings.Decay("Beta1", a.Beta1),
		settings.Decay("Beta2", a.Beta2), settings.AtLeast("Epsilon", a.Epsilon, 0),
		settings.AtLeast("WeightDecay", a.WeightDecay, 0))
}

// adam updates for Adam and for AdamW, which differ only in the weight decay.
func adam[T graph.Float](a Adam, u graph.Update[T], l2, decoupled float64) {
	beta1, beta2 := settings.Or(a.Beta1, 0.9), settings.Or(a.Beta2, 0.999)
	if a.NoVectorDecay && len(u.Shape) < 2 {
		l2, decoupled = 0, 0
	}
	args := kernels.AdamArgs[T]{
		LR: T(u.Rate), Beta1: T(beta1), Beta2: T(beta2), Eps: epsilon[T](settings.Or(a.Epsilon, 1e-8)),
		Bias1: T(unbias[T](beta1, u.Step)), Bias2: T(unbias[T](beta2, u.Step)),
		GradScale: T(u.Scale), WeightDecay: T(l2), Decoupled: T(decoupled),
	}
	if a.AMSGrad {
		kernels.AMSGrad(u.Weights, u.Grad, u.Slots[0], u.Slots[1], u.Slots[2], args)
		return
	}
	kernels.Adam(u.Weights, u.Grad, u.Slots[0], u.Slots[1], args)
}
