package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Lion takes steps of one size, in the direction of the sign of a mean gradient, with decoupled weight decay (Chen et al.,
// 2023, "Symbolic discovery of optimization algorithms"):
//
//	c = β₁·m + (1-β₁)·g
//	w = w - lr·(sign(c) + weightDecay·w)
//	m = β₂·m + (1-β₂)·g
//
// Its steps are larger than Adam's: the authors use a learning rate 3 to 10 times smaller, and a weight decay 3 to 10 times
// larger.
type Lion struct {
	LearningRate  float64 // default 0.0001
	Beta1         float64 // β₁, fraction of the mean gradient in c; default 0.9
	Beta2         float64 // β₂, decay of the mean gradient; default 0.99
	WeightDecay   float64 // decoupled; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = Lion{}

// Rate implements graph.Optimizer.
func (l Lion) Rate() float64 { return settings.Or(l.LearningRate, 1e-4) }

// Slots implements graph.Optimizer.
func (Lion) Slots() int { return 1 }

// Update32 implements graph.Optimizer.
func (l Lion) Update32(u graph.Update[float32]) { lion(l, u) }

// Update64 implements graph.Optimizer.
func (l Lion) Update64(u graph.Update[float64]) { lion(l, u) }

// ScalesGrad implements graph.GradScaler.
func (Lion) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (l Lion) Validate() error {
	return settings.CheckIn("optimizers: Lion",
		settings.AtLeast("LearningRate", l.LearningRate, 0), settings.Decay("Beta1", l.Beta1),
		settings.Decay("Beta2", l.Beta2), settings.AtLeast("WeightDecay", l.WeightDecay, 0))
}

func lion[T graph.Float](l Lion, u graph.Update[T]) {
	beta1, beta2 := T(settings.Or(l.Beta1, 0.9)), T(settings.Or(l.Beta2, 0.99))
	rest1, rest2 := 1-beta1, 1-beta2
	rate, scale, shrink, tiny := T(u.Rate), T(u.Scale), T(1-u.Rate*decayOf(l.WeightDecay, l.NoVectorDecay, u.Shape)), smallestNormal[T]()
	mean := u.Slots[0]
	for i, w := range u.Weights {
		g := scale * u.Grad[i]
		u.Weights[i] = shrink*w - rate*sign(beta1*mean[i]+rest1*g)
		mean[i] = flush(beta2*mean[i]+rest2*g, tiny)
	}
}

// sign returns 1 if x is positive, -1 if it is negative, and x if it is 0 or NaN.
func sign[T graph.Float](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
