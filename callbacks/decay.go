package callbacks

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// TimeDecay multiplies the learning rate after each epoch e, counted from 1, by a factor that shrinks with e:
//
//	lr = lr · 1/(1 + Decay·e)
//
// The factors of all epochs multiply, as in the library that nndiy continues; Keras's InverseTimeDecay does not multiply them.
type TimeDecay struct {
	Decay float64 // 0 means no decay
}

var _ graph.Callback = TimeDecay{}

// Handle implements graph.Callback.
func (d TimeDecay) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		return settings.CheckIn("callbacks: TimeDecay", settings.AtLeast("Decay", d.Decay, 0))
	case graph.EpochBegin:
		r.Rate *= 1 / (1 + d.Decay*float64(r.Epoch-1))
	}
	return nil
}

// ExponentialDecay multiplies the learning rate by Factor after each epoch.
type ExponentialDecay struct {
	Factor float64 // default 0.95
}

var _ graph.Callback = ExponentialDecay{}

// Handle implements graph.Callback.
func (d ExponentialDecay) Handle(r *graph.Run, e graph.Event) error {
	switch {
	case e == graph.TrainBegin:
		return settings.CheckIn("callbacks: ExponentialDecay", settings.AtLeast("Factor", d.Factor, 0))
	case e == graph.EpochBegin && r.Epoch > 1:
		r.Rate *= settings.Or(d.Factor, 0.95)
	}
	return nil
}

// StepDecay multiplies the learning rate by Factor each time Every more epochs have ended.
type StepDecay struct {
	Every  int     // epochs; default 10
	Factor float64 // default 0.1
}

var _ graph.Callback = StepDecay{}

// Handle implements graph.Callback.
func (d StepDecay) Handle(r *graph.Run, e graph.Event) error {
	switch {
	case e == graph.TrainBegin:
		return settings.CheckIn("callbacks: StepDecay",
			settings.Count("Every", d.Every, 0), settings.AtLeast("Factor", d.Factor, 0))
	case e == graph.EpochBegin && r.Epoch > 1 && (r.Epoch-1)%settings.Or(d.Every, 10) == 0:
		r.Rate *= settings.Or(d.Factor, 0.1)
	}
	return nil
}

// PolynomialDecay moves the learning rate from its value at the start of the run to EndRate, where it stays:
//
//	lr = EndRate + (start - EndRate)·(1 - t/Epochs)^Power
//
// Here t counts epochs from 0.
type PolynomialDecay struct {
	Epochs  int     // length of the decay; default all epochs of the run, if FitConfig says how many
	Power   float64 // default 1, a straight line
	EndRate float64 // learning rate at the end
	PerStep bool    // change the rate at every step instead of every epoch

	start float64
}

var _ graph.Callback = (*PolynomialDecay)(nil)

// Handle implements graph.Callback.
func (d *PolynomialDecay) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		d.start = r.Rate
		err := settings.CheckIn("callbacks: PolynomialDecay",
			settings.Count("Epochs", d.Epochs, 0), settings.AtLeast("Power", d.Power, 0),
			settings.AtLeast("EndRate", d.EndRate, 0))
		return checkTicks("PolynomialDecay", r, d.PerStep, checkLength("PolynomialDecay", r, d.Epochs, err))
	}
	if done, perEpoch, ok := ticks(r, e, d.PerStep); ok {
		left := 1 - float64(done)/float64(settings.Or(d.Epochs, r.Config.Epochs)*perEpoch)
		r.Rate = d.EndRate + (d.start-d.EndRate)*math.Pow(max(left, 0), settings.Or(d.Power, 1))
	}
	return nil
}
