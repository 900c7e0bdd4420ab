package callbacks

import (
	"time"

	"github.com/nndiy/nndiy/graph"
)

// Waiting measures how long training waits for its data, and adds to the logs of each epoch "waiting": the fraction of the time of
// its steps in which the loop waited for a batch, from 0 to 1. If it is more than a few hundredths, compute the batches ahead with
// datasets.Prefetch. Validation does not count, except that within an epoch (FitConfig.ValidEvery). Put it before the callbacks that
// read logs.
type Waiting struct {
	Waited time.Duration // over the whole run, or the part of it since it was resumed
	Total  time.Duration // of the epochs' steps, waiting included

	before, epoch time.Duration // Run.Waited, and Waited, when the epoch began
	total         time.Duration // Total when the epoch began
	began         time.Time
}

var _ graph.Callback = (*Waiting)(nil)

// Fraction returns Waited over Total; 0 before the first step.
func (w *Waiting) Fraction() float64 { return fraction(w.Waited, w.Total) }

func fraction(part, all time.Duration) float64 {
	if all <= 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// Handle implements graph.Callback.
func (w *Waiting) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		*w = Waiting{}
	case graph.EpochBegin:
		w.before, w.epoch, w.total, w.began = r.Waited, w.Waited, w.Total, time.Now()
	case graph.StepEnd:
		w.Waited = w.epoch + r.Waited - w.before
		w.Total = w.total + time.Since(w.began)
	case graph.EpochEnd:
		r.Logs["waiting"] = fraction(w.Waited-w.epoch, w.Total-w.total)
	}
	return nil
}
