package optimizers

import (
	"errors"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// EMA trains with another rule and keeps an exponential moving average a of the weights w. Outside of training steps the model
// uses the average: in validation, prediction and files (Polyak and Juditsky, 1992, "Acceleration of stochastic approximation
// by averaging"). As in TensorFlow, the decay d grows with the step t, so that early weights are soon forgotten:
//
//	d = min(Decay, (1+t)/(10+t)), and 0 in the first step
//	a = d·a + (1-d)·w
type EMA struct {
	Optimizer graph.Optimizer // the rule that trains
	Decay     float64         // largest fraction of the average that a step keeps; default 0.999
}

var (
	_ rule                   = EMA{}
	_ graph.Averager         = EMA{}
	_ graph.OptimizerWrapper = EMA{}
)

// Rate implements graph.Optimizer.
func (e EMA) Rate() float64 { return ruleOf(e.Optimizer).Rate() }

// Slots implements graph.Optimizer: the slots of the inner rule, and one for the average.
func (e EMA) Slots() int { return ruleOf(e.Optimizer).Slots() + 1 }

// Average implements graph.Averager.
func (e EMA) Average() int { return ruleOf(e.Optimizer).Slots() }

// Unwrap implements graph.OptimizerWrapper.
func (e EMA) Unwrap() graph.Optimizer { return e.Optimizer }

// Update32 implements graph.Optimizer.
func (e EMA) Update32(u graph.Update[float32]) { ema(e, u, ruleOf(e.Optimizer).Update32) }

// Update64 implements graph.Optimizer.
func (e EMA) Update64(u graph.Update[float64]) { ema(e, u, ruleOf(e.Optimizer).Update64) }

// ScalesGrad implements graph.GradScaler: if the inner rule does not scale gradients, EMA does it for it.
func (EMA) ScalesGrad() {}

// Validate returns an error that names the first setting outside its range.
func (e EMA) Validate() error {
	if e.Optimizer == nil {
		return errors.New("optimizers: EMA: Optimizer: got nil, want the rule that trains")
	}
	return settings.CheckIn("optimizers: EMA", settings.Decay("Decay", e.Decay))
}

func ema[T graph.Float](e EMA, u graph.Update[T], update func(graph.Update[T])) {
	n := len(u.Slots) - 1
	average := u.Slots[n]
	u.Slots = u.Slots[:n]
	scaled(e.Optimizer, u, update)
	t := float64(u.Step)
	rest, tiny := 1-T(min(settings.Or(e.Decay, 0.999), (1+t)/(10+t))), smallestNormal[T]()
	if u.Step == 1 {
		rest = 1
	}
	for i, w := range u.Weights {
		average[i] = flush(average[i]+rest*(w-average[i]), tiny)
	}
}
