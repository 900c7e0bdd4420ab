package choose

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// An Optimizer makes an optimizer with the given learning rate; 0 means a default that suits small networks and small batches.
type Optimizer func(rate float64) graph.Optimizer

// Optimizers returns a flag that selects an optimizer; first is the default.
func Optimizers(first string) *Flag[Optimizer] {
	f := Of(
		Option[Optimizer]{"sgd", func(r float64) graph.Optimizer { return optimizers.SGD{LearningRate: or(r, 0.1)} }},
		Option[Optimizer]{"momentum", func(r float64) graph.Optimizer {
			return optimizers.SGD{LearningRate: or(r, 0.02), Momentum: 0.9, Nesterov: true}
		}},
		Option[Optimizer]{"adam", func(r float64) graph.Optimizer { return optimizers.Adam{LearningRate: r} }},
		Option[Optimizer]{"adamw", func(r float64) graph.Optimizer { return optimizers.AdamW{LearningRate: r} }},
		Option[Optimizer]{"rmsprop", func(r float64) graph.Optimizer { return optimizers.RMSProp{LearningRate: or(r, 1e-3)} }},
		Option[Optimizer]{"lion", func(r float64) graph.Optimizer { return optimizers.Lion{LearningRate: r} }},
	)
	f.Set(first)
	return f
}

// or returns rate, or usual if rate is 0.
func or(rate, usual float64) float64 {
	if rate == 0 {
		return usual
	}
	return rate
}
