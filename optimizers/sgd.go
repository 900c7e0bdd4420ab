package optimizers

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/settings"
)

// SGD is stochastic gradient descent:
//
//	g = g + weightDecay·w
//	w = w - lr·g
//
// Momentum accumulates the gradients in a velocity m, and Nesterov looks one step ahead (Polyak, 1964; Sutskever et al., 2013,
// "On the importance of initialization and momentum in deep learning"; the formulas are PyTorch's):
//
//	m = g                            in the first step
//	m = momentum·m + (1-dampening)·g in later steps
//	w = w - lr·m                     without Nesterov
//	w = w - lr·(g + momentum·m)      with Nesterov
//
// Plain gradient descent is SGD with the whole set as one batch.
type SGD struct {
	LearningRate  float64 // default 0.001
	Momentum      float64 // fraction of the velocity that a step keeps; default 0, no momentum
	Dampening     float64 // fraction of the gradient that the velocity leaves out; default 0
	Nesterov      bool    // needs a Momentum, and a Dampening of 0
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = SGD{}

// Rate implements graph.Optimizer.
func (s SGD) Rate() float64 { return settings.Or(s.LearningRate, 1e-3) }

// Slots implements graph.Optimizer.
func (s SGD) Slots() int {
	if s.Momentum == 0 {
		return 0
	}
	return 1
}

// Update32 implements graph.Optimizer.
func (s SGD) Update32(u graph.Update[float32]) { sgd(s, u) }

// Update64 implements graph.Optimizer.
func (s SGD) Update64(u graph.Update[float64]) { sgd(s, u) }

// ScalesGrad implements graph.GradScaler.
func (SGD) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (s SGD) Validate() error {
	if s.Nesterov && (s.Momentum == 0 || s.Dampening != 0) {
		return fmt.Errorf("optimizers: SGD: Nesterov: got Momentum %v and Dampening %v, want a Momentum above 0 and a Dampening of 0",
			s.Momentum, s.Dampening)
	}
	return settings.CheckIn("optimizers: SGD",
		settings.AtLeast("LearningRate", s.LearningRate, 0), settings.Decay("Momentum", s.Momentum),
		settings.Decay("Dampening", s.Dampening), settings.AtLeast("WeightDecay", s.WeightDecay, 0))
}

func sgd[T graph.Float](s SGD, u graph.Update[T]) {
	rate, scale, decay := T(u.Rate), T(u.Scale), T(decayOf(s.WeightDecay, s.NoVectorDecay, u.Shape))
	if s.Momentum == 0 {
		kernels.SGD(u.Weights, u.Grad, rate, scale, decay)
		return
	}
	dampening := T(s.Dampening)
	if u.Step == 1 {
		dampening = 0
	}
	kernels.Momentum(u.Weights, u.Grad, u.Slots[0], rate, scale, decay, T(s.Momentum), dampening, s.Nesterov)
}
