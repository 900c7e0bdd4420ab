package callbacks

import (
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Warmup raises the learning rate in equal parts, from a part in the first epoch to the optimizer's own rate in the last of
// its Epochs. Later on it leaves the rate alone: another schedule may follow it in the list of callbacks.
type Warmup struct {
	Epochs  int  // 0 is 1, which makes a difference with PerStep only
	PerStep bool // the rate grows with each step, not with each epoch

	top float64
}

var _ graph.Callback = (*Warmup)(nil)

// Handle implements graph.Callback.
func (w *Warmup) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		w.top = r.Rate
		return settings.CheckIn("callbacks: Warmup", settings.Count("Epochs", w.Epochs, 0))
	}
	if done, perEpoch, ok := ticks(r, e, w.PerStep); ok {
		if n := settings.Or(w.Epochs, 1) * perEpoch; done < n {
			r.Rate = warmup(w.top, done, n)
		}
	}
	return nil
}
