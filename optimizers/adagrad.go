package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// Adagrad divides the gradient by the square root of the sum of all its squares so far (Duchi, Hazan and Singer, 2011,
// "Adaptive subgradient methods for online learning and stochastic optimization"):
//
//	g = g + weightDecay·w
//	s = s + g²
//	w = w - lr · g/(√s + ε)
type Adagrad struct {
	LearningRate  float64 // default 0.01
	Epsilon       float64 // ε; default 1e-10
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = Adagrad{}

// Rate implements graph.Optimizer.
func (a Adagrad) Rate() float64 { return settings.Or(a.LearningRate, 0.01) }

// Slots implements graph.Optimizer.
func (Adagrad) Slots() int { return 1 }

// Update32 implements graph.Optimizer.
func (a Adagrad) Update32(u graph.Update[float32]) { adagrad(a, u) }

// Update64 implements graph.Optimizer.
func (a Adagrad) Update64(u graph.Update[float64]) { adagrad(a, u) }

// ScalesGrad implements graph.GradScaler.
func (Adagrad) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (a Adagrad) Validate() error {
	return settings.CheckIn("optimizers: Adagrad",
		settings.AtLeast("LearningRate", a.LearningRate, 0), settings.AtLeast("Epsilon", a.Epsilon, 0),
		settings.AtLeast("WeightDecay", a.WeightDecay, 0))
}

func adagrad[T graph.Float](a Adagrad, u graph.Update[T]) {
	kernels.Adagrad(u.Weights, u.Grad, u.Slots[0], kernels.AdagradArgs[T]{
		LR: T(u.Rate), Eps: epsilon[T](settings.Or(a.Epsilon, 1e-10)), GradScale: T(u.Scale), WeightDecay: T(decayOf(a.WeightDecay, a.NoVectorDecay, u.Shape)),
	})
}
