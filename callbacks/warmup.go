package callbacks

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Warmup raises the learning rate linearly over the first epochs, to the optimizer's own rate: in epoch e, counted from 1, it is
//
//	lr = rate·e/Epochs
//
// After that it does not change the rate, so another schedule may follow it in the list of callbacks.
type Warmup struct {
	Epochs  int  // length of the warm-up; default 1, which has an effect only with PerStep
	PerStep bool // change the rate at every step instead of every epoch

	top float64
}

var _ graph.Callback = (*Warmup)(nil)

// Handle implements graph.Callback.
func (w *Warmup) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		w.top = r.Rate
		return checkTicks("Warmup", r, w.PerStep, settings.CheckIn("callbacks: Warmup", settings.Count("Epochs", w.Epochs, 0)))
	}
	if done, perEpoch, ok := ticks(r, e, w.PerStep); ok {
		if n := settings.Or(w.Epochs, 1) * perEpoch; done < n {
			r.Rate = warmup(w.top, done, n)
		}
	}
	return nil
}
