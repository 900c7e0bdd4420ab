package optimizers

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Nadam is Adam with Nesterov's momentum, which grows from β₁/2 to β₁ (Dozat, 2016, "Incorporating Nesterov momentum into
// Adam"). It computes the steps of PyTorch's NAdam since version 2.0; older ones had μₜ twice in Πₜ₊₁:
//
//	μₜ = β₁·(1 - ½·0.96^(t·ψ)),  Πₜ = μ₁·μ₂·…·μₜ
//	g  = g + weightDecay·w
//	m  = β₁·m + (1-β₁)·g
//	v  = β₂·v + (1-β₂)·g²
//	w  = w - lr · ((1-μₜ)/(1-Πₜ)·g + μₜ₊₁/(1-Πₜ₊₁)·m) / (√(v/(1-β₂ᵗ)) + ε)
type Nadam struct {
	LearningRate  float64 // default 0.002
	Beta1         float64 // β₁, decay of the mean gradient; default 0.9
	Beta2         float64 // β₂, decay of the mean square; default 0.999
	Epsilon       float64 // ε; default 1e-8
	MomentumDecay float64 // ψ, how fast the momentum grows; default 0.004
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = Nadam{}

// Rate implements graph.Optimizer.
func (n Nadam) Rate() float64 { return settings.Or(n.LearningRate, 2e-3) }

// Slots implements graph.Optimizer.
func (Nadam) Slots() int { return 2 }

// Update32 implements graph.Optimizer.
func (n Nadam) Update32(u graph.Update[float32]) { nadam(n, u) }

// Update64 implements graph.Optimizer.
func (n Nadam) Update64(u graph.Update[float64]) { nadam(n, u) }

// ScalesGrad implements graph.GradScaler.
func (Nadam) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (n Nadam) Validate() error {
	return settings.CheckIn("optimizers: Nadam",
		settings.AtLeast("LearningRate", n.LearningRate, 0), settings.Decay("Beta1", n.Beta1),
		settings.Decay("Beta2", n.Beta2), settings.AtLeast("Epsilon", n.Epsilon, 0),
		settings.AtLeast("MomentumDecay", n.MomentumDecay, 0), settings.AtLeast("WeightDecay", n.WeightDecay, 0))
}

// momentum returns the factors of the gradient and of the mean gradient at step t.
func (n Nadam) momentum(t int, beta float64) (grad, mean float64) {
	psi := settings.Or(n.MomentumDecay, 4e-3)
	mu := func(t int) float64 { return beta * (1 - math.Pow(0.96, float64(t)*psi)/2) }
	product, factor, decay := 1.0, 1.0, math.Pow(0.96, psi)
	for i := 1; i <= t && product > 0x1p-60; i++ { // a smaller product is lost in 1 - product
		factor *= decay
		product *= beta * (1 - factor/2)
	}
	now, next := mu(t), mu(t+1)
	return (1 - now) / (1 - product), next / (1 - product*next)
}

func nadam[T graph.Float](n Nadam, u graph.Update[T]) {
	b1, b2 := settings.Or(n.Beta1, 0.9), settings.Or(n.Beta2, 0.999)
	beta1, beta2 := T(b1), T(b2)
	rest1, rest2 := 1-beta1, 1-beta2
	eps, tiny := epsilon[T](settings.Or(n.Epsilon, 1e-8)), smallestNormal[T]()
	unroot, scale, decay := T(1/math.Sqrt(unbias[T](b2, u.Step))), T(u.Scale), T(decayOf(n.WeightDecay, n.NoVectorDecay, u.Shape))
	byGrad, byMean := n.momentum(u.Step, b1)
	grad, mean := T(u.Rate*byGrad), T(u.Rate*byMean)
	means, squares := u.Slots[0], u.Slots[1]
	for i, w := range u.Weights {
		g := scale*u.Grad[i] + decay*w
		m := flush(beta1*means[i]+rest1*g, tiny)
		v := flush(beta2*squares[i]+rest2*(g*g), tiny)
		means[i], squares[i] = m, v
		u.Weights[i] = w - (grad*g+mean*m)/(sqrt(v)*unroot+eps)
	}
}
