package optimizers

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// EMA lets another rule train, and keeps an exponential moving average of the weights a, which the model has outside of
// training steps: in validation, prediction and files (Polyak and Juditsky 1992; the form with a share of its own for each
// step t is that of most libraries):
//
//	d = min(Decay, (1+t)/(10+t)), 0 in the first step
//	a = d·a + (1-d)·w
type EMA struct {
	Optimizer graph.Optimizer // the rule that trains
	Decay     float64         // share of the average that is kept; 0 is 0.999
}

var (
	_ rule           = EMA{}
	_ graph.Clipper  = EMA{}
	_ graph.Averager = EMA{}
)

// Rate implements graph.Optimizer.
func (e EMA) Rate() float64 { return e.Optimizer.Rate() }

// Slots implements graph.Optimizer: the other rule's, and the average.
func (e EMA) Slots() int { return e.Optimizer.Slots() + 1 }

// Average implements graph.Averager.
func (e EMA) Average() int { return e.Optimizer.Slots() }

// Clip implements graph.Clipper, for a rule that is one.
func (e EMA) Clip() graph.Clipping {
	if c, ok := e.Optimizer.(graph.Clipper); ok {
		return c.Clip()
	}
	return graph.Clipping{}
}

// Update32 implements graph.Optimizer.
func (e EMA) Update32(u graph.Update[float32]) { ema(e, u, e.Optimizer.Update32) }

// Update64 implements graph.Optimizer.
func (e EMA) Update64(u graph.Update[float64]) { ema(e, u, e.Optimizer.Update64) }

// ScalesGrad implements graph.GradScaler: for a rule that is none, EMA scales the gradient itself.
func (EMA) ScalesGrad() {}

// Validate returns an error that names a setting out of its range, of EMA or of the rule in it.
func (e EMA) Validate() error {
	switch inner := e.Optimizer.(type) {
	case nil:
		return errors.New("optimizers: EMA: Optimizer: got nil, want the rule that trains")
	case graph.Averager:
		if inner.Average() >= 0 {
			return fmt.Errorf("optimizers: EMA: Optimizer: got %T, which keeps an average already, want a rule without one", inner)
		}
	}
	err := settings.CheckIn("optimizers: EMA", settings.Decay("Decay", e.Decay))
	if inner, ok := e.Optimizer.(graph.Validator); ok && err == nil {
		err = inner.Validate()
	}
	return err
}

func ema[T graph.Float](e EMA, u graph.Update[T], update func(graph.Update[T])) {
	n := len(u.Slots) - 1
	average := u.Slots[n]
	u.Slots = u.Slots[:n]
	scaled(e.Optimizer, u, update)
	t := float64(u.Step)
	share, tiny := 1-T(min(settings.Or(e.Decay, 0.999), (1+t)/(10+t))), smallestNormal[T]()
	if u.Step == 1 {
		share = 1
	}
	for i, w := range u.Weights {
		average[i] = flush(average[i]+share*(w-average[i]), tiny)
	}
}
