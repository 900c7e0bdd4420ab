package optimizers

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Adadelta scales each step by the root mean square of the earlier steps (Zeiler, 2012, "ADADELTA: an adaptive learning rate
// method"):
//
//	g = g + weightDecay·w
//	v = ρ·v + (1-ρ)·g²
//	d = √(a+ε)/√(v+ε) · g
//	a = ρ·a + (1-ρ)·d²
//	w = w - lr·d
type Adadelta struct {
	LearningRate  float64 // default 1
	Rho           float64 // ρ, decay of the mean squares; default 0.9
	Epsilon       float64 // ε; default 1e-6
	WeightDecay   float64 // L2; default 0
	NoVectorDecay bool    // no decay of parameters of fewer than two dimensions: biases, scales and shifts
}

var _ rule = Adadelta{}

// Rate implements graph.Optimizer.
func (a Adadelta) Rate() float64 { return settings.Or(a.LearningRate, 1) }

// Slots implements graph.Optimizer.
func (Adadelta) Slots() int { return 2 }

// Update32 implements graph.Optimizer.
func (a Adadelta) Update32(u graph.Update[float32]) { adadelta(a, u) }

// Update64 implements graph.Optimizer.
func (a Adadelta) Update64(u graph.Update[float64]) { adadelta(a, u) }

// ScalesGrad implements graph.GradScaler.
func (Adadelta) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (a Adadelta) Validate() error {
	return settings.CheckIn("optimizers: Adadelta",
		settings.AtLeast("LearningRate", a.LearningRate, 0), settings.Decay("Rho", a.Rho),
		settings.AtLeast("Epsilon", a.Epsilon, 0), settings.AtLeast("WeightDecay", a.WeightDecay, 0))
}

func adadelta[T graph.Float](a Adadelta, u graph.Update[T]) {
	rho, eps, tiny := T(settings.Or(a.Rho, 0.9)), epsilon[T](settings.Or(a.Epsilon, 1e-6)), smallestNormal[T]()
	rest := 1 - rho
	rate, scale, decay := T(u.Rate), T(u.Scale), T(decayOf(a.WeightDecay, a.NoVectorDecay, u.Shape))
	squares, steps := u.Slots[0], u.Slots[1]
	for i, w := range u.Weights {
		g := scale*u.Grad[i] + decay*w
		v := flush(rho*squares[i]+rest*(g*g), tiny)
		d := sqrt(steps[i]+eps) / sqrt(v+eps) * g
		squares[i], steps[i] = v, flush(rho*steps[i]+rest*(d*d), tiny)
		u.Weights[i] = w - rate*d
	}
}
