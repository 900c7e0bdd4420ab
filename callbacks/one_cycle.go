package callbacks

import (
	"errors"
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// OneCycle raises the learning rate from MaxRate/Div to MaxRate in the first part of the run, and lowers it to
// MaxRate/Div/FinalDiv in the rest (Smith and Topin, 2018, "Super-convergence: very fast training of neural networks using
// large learning rates"). The rates are those of PyTorch's OneCycleLR, where the peak is at Rise·n-1 of a cycle of n, counted
// from 0: between two epochs unless that is an integer, so that a short cycle may begin after its peak or never reach MaxRate.
// The momentum does not change.
type OneCycle struct {
	MaxRate  float64 // default the optimizer's own rate
	Epochs   int     // length of the cycle; default all epochs of the run, if FitConfig says how many
	Rise     float64 // fraction of the cycle in which the rate rises; default 0.3
	Div      float64 // MaxRate divided by the rate at the start; default 25
	FinalDiv float64 // rate at the start divided by the rate at the end; default 10000
	Linear   bool    // move in straight lines instead of half cosine waves
	PerStep  bool    // change the rate at every step instead of every epoch

	top float64
}

var _ graph.Callback = (*OneCycle)(nil)

// Handle implements graph.Callback.
func (o *OneCycle) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		o.top = settings.Or(o.MaxRate, r.Rate)
		return checkTicks("OneCycle", r, o.PerStep, checkLength("OneCycle", r, o.Epochs, o.validate(r)))
	}
	if done, perEpoch, ok := ticks(r, e, o.PerStep); ok {
		r.Rate = o.rate(done, o.epochs(r)*perEpoch)
	}
	return nil
}

// epochs returns the length of the cycle in epochs.
func (o *OneCycle) epochs(r *graph.Run) int { return settings.Or(o.Epochs, r.Config.Epochs) }

func (o *OneCycle) validate(r *graph.Run) error {
	err := settings.CheckIn("callbacks: OneCycle",
		settings.AtLeast("MaxRate", o.MaxRate, 0), settings.Count("Epochs", o.Epochs, 0),
		settings.Between("Rise", o.Rise, 0, 1), settings.AtLeast("Div", o.Div, 0),
		settings.AtLeast("FinalDiv", o.FinalDiv, 0))
	switch n := o.epochs(r); {
	case err != nil || n > 1:
		return err
	case !o.PerStep:
		return fmt.Errorf("callbacks: OneCycle: Epochs: got a cycle of %d, want at least 2, or PerStep", n)
	case r.Steps == 1:
		return errors.New("callbacks: OneCycle: Epochs: got a cycle of 1 epoch with 1 step, want at least 2 steps")
	}
	return nil
}

// rate returns the rate after done ticks of a cycle of total ticks.
func (o *OneCycle) rate(done, total int) float64 {
	between := cosine
	if o.Linear {
		between = linear
	}
	low := o.top / settings.Or(o.Div, 25)
	at, end := float64(done), float64(total-1)
	peak := settings.Or(o.Rise, 0.3)*float64(total) - 1 // negative if the cycle begins after it
	switch {
	case at == 0 && peak == 0:
		return o.top
	case at <= peak:
		return between(low, o.top, at/peak)
	}
	return between(o.top, low/settings.Or(o.FinalDiv, 1e4), (at-peak)/(end-peak))
}

// linear returns a value between a and b on a straight line: a for t = 0, b for t of 1 or more.
func linear(a, b, t float64) float64 { return a + (b-a)*min(t, 1) }
