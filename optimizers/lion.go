package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Lion makes steps of one size, by the sign of a mean gradient (Chen et al., 2023, "Symbolic discovery of optimization
// algorithms", with decoupled weight decay):
//
//	c = β₁·m + (1-β₁)·g
//	w = w - lr·(sign(c) + weightDecay·w)
//	m = β₂·m + (1-β₂)·g
//
// Its steps are larger than Adam's: the authors take a rate 3 to 10 times smaller, and a weight decay larger by as much.
type Lion struct {
	LearningRate float64 // 0 is 0.0001
	Beta1        float64 // share of the mean gradient in the sign; 0 is 0.9
	Beta2        float64 // share of the mean gradient that is kept; 0 is 0.99
	WeightDecay  float64 // decoupled; 0 is none
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

// Validate returns an error that names a setting out of its range.
func (l Lion) Validate() error {
	return settings.CheckIn("optimizers: Lion",
		settings.AtLeast("LearningRate", l.LearningRate, 0), settings.Decay("Beta1", l.Beta1),
		settings.Decay("Beta2", l.Beta2), settings.AtLeast("WeightDecay", l.WeightDecay, 0))
}

func lion[T graph.Float](l Lion, u graph.Update[T]) {
	beta1, beta2 := T(settings.Or(l.Beta1, 0.9)), T(settings.Or(l.Beta2, 0.99))
	keep1, keep2 := 1-beta1, 1-beta2
	rate, scale, shrink, tiny := T(u.Rate), T(u.Scale), T(1-u.Rate*l.WeightDecay), smallestNormal[T]()
	mean := u.Slots[0]
	for i, w := range u.Weights {
		g := scale * u.Grad[i]
		u.Weights[i] = shrink*w - rate*sign(beta1*mean[i]+keep1*g)
		mean[i] = flush(beta2*mean[i]+keep2*g, tiny)
	}
}

// sign returns 1 or -1 by the sign of x, and x itself if it is 0 or NaN.
func sign[T graph.Float](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}
