package callbacks

import (
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// ReduceOnPlateau multiplies the learning rate by Factor when a log value has stopped improving: after Patience+1 epochs in a
// row without an improvement, as in PyTorch. NaN is not an improvement.
type ReduceOnPlateau struct {
	Monitor  string  // log name; default valid_loss, or train_loss without validation
	Maximize bool    // a larger value is better; only for logs whose metric does not know, see EarlyStopping
	Factor   float64 // default 0.1
	Patience int     // epochs without improvement that change nothing; default 10; a negative number means none
	MinDelta float64 // an improvement is a change by more than this fraction of the best value; default 0.0001
	Absolute bool    // MinDelta is in the unit of the value, not a fraction
	Cooldown int     // epochs after a reduction that do not count
	MinRate  float64 // the rate is not reduced below this

	monitor       monitor
	waited, quiet int
	due           bool
}

var _ graph.Stateful = (*ReduceOnPlateau)(nil)

// Handle implements graph.Callback.
func (p *ReduceOnPlateau) Handle(r *graph.Run, e graph.Event) error {
	switch {
	case e == graph.TrainBegin:
		p.waited, p.quiet, p.due = 0, 0, false
		var err error
		if p.monitor, err = newMonitor(r, "ReduceOnPlateau", p.Monitor, p.Maximize); err != nil {
			return err
		}
		return settings.CheckIn("callbacks: ReduceOnPlateau",
			settings.Between("Factor", p.Factor, 0, 1), settings.AtLeast("MinDelta", p.MinDelta, 0),
			settings.Count("Cooldown", p.Cooldown, 0), settings.AtLeast("MinRate", p.MinRate, 0))
	case e == graph.EpochBegin && p.due:
		r.Rate = min(r.Rate, max(r.Rate*settings.Or(p.Factor, 0.1), p.MinRate))
		p.due = false
	case e == graph.EpochEnd:
		return p.look(r)
	}
	return nil
}

// look counts the epoch that has ended if it is not an improvement.
func (p *ReduceOnPlateau) look(r *graph.Run) error {
	v, err := p.monitor.value(r, "ReduceOnPlateau")
	if err != nil {
		return err
	}
	p.waited++
	if p.monitor.improve(v, p.delta()) || p.quiet > 0 {
		p.waited = 0
	}
	p.quiet = max(p.quiet-1, 0)
	if p.waited > max(settings.Or(p.Patience, 10), 0) {
		p.due, p.waited, p.quiet = true, 0, p.Cooldown
	}
	return nil
}

// delta returns how much better than the best value a new one must be.
func (p *ReduceOnPlateau) delta() float64 {
	d := settings.Or(p.MinDelta, 1e-4)
	if p.Absolute || math.IsInf(p.monitor.best, 0) {
		return d
	}
	return d * math.Abs(p.monitor.best)
}

// State implements graph.Stateful.
func (p *ReduceOnPlateau) State() graph.Saved {
	return graph.Saved{"record": &p.monitor.best, "waited": &p.waited, "quiet": &p.quiet, "due": &p.due}
}
