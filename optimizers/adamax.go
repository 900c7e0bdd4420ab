package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Adamax is Adam with a decaying maximum in place of the root of the mean square (Kingma and Ba, 2015, section 7.1), with ε
// where PyTorch adds it:
//
//	g = g + weightDecay·w
//	m = β₁·m + (1-β₁)·g
//	n = max(β₂·n, |g| + ε)
//	w = w - lr/(1-β₁ᵗ) · m/n
type Adamax struct {
	LearningRate  float64 // default 0.002
	Beta1         float64 // β₁, decay of the mean gradient; default 0.9
	Beta2         float64 // β₂, decay of the maximum; default 0.999
	Epsilon       float64 // ε; default 1e-8
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = Adamax{}

// Rate implements graph.Optimizer.
func (a Adamax) Rate() float64 { return settings.Or(a.LearningRate, 2e-3) }

// Slots implements graph.Optimizer.
func (Adamax) Slots() int { return 2 }

// Update32 implements graph.Optimizer.
func (a Adamax) Update32(u graph.Update[float32]) { adamax(a, u) }

// Update64 implements graph.Optimizer.
func (a Adamax) Update64(u graph.Update[float64]) { adamax(a, u) }

// ScalesGrad implements graph.GradScaler.
func (Adamax) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (a Adamax) Validate() error {
	return settings.CheckIn("optimizers: Adamax",
		settings.AtLeast("LearningRate", a.LearningRate, 0), settings.Decay("Beta1", a.Beta1),
		settings.Decay("Beta2", a.Beta2), settings.AtLeast("Epsilon", a.Epsilon, 0),
		settings.AtLeast("WeightDecay", a.WeightDecay, 0))
}

func adamax[T graph.Float](a Adamax, u graph.Update[T]) {
	b1 := settings.Or(a.Beta1, 0.9)
	beta1, beta2 := T(b1), T(settings.Or(a.Beta2, 0.999))
	eps, tiny := epsilon[T](settings.Or(a.Epsilon, 1e-8)), smallestNormal[T]()
	rate, scale, decay := T(u.Rate/unbias[T](b1, u.Step)), T(u.Scale), T(decayOf(a.WeightDecay, a.NoVectorDecay, u.Shape))
	rest1 := 1 - beta1
	mean, peak := u.Slots[0], u.Slots[1]
	for i, w := range u.Weights {
		g := scale*u.Grad[i] + decay*w
		m := flush(beta1*mean[i]+rest1*g, tiny)
		n := max(beta2*peak[i], max(g, -g)+eps)
		mean[i], peak[i] = m, n
		u.Weights[i] = w - rate*m/n
	}
}
