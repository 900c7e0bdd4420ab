package callbacks

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// PiecewiseConstant changes the learning rate after given numbers of epochs, and keeps it constant in between.
type PiecewiseConstant struct {
	After  []int     // numbers of epochs, in ascending order; 0 changes the rate from the start
	Rates  []float64 // the rate after each number of epochs; nil multiplies the rate by Factor instead
	Factor float64   // used without Rates; default 0.1
}

var _ graph.Callback = PiecewiseConstant{}

// Handle implements graph.Callback.
func (p PiecewiseConstant) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		return p.validate()
	case graph.EpochBegin:
		for i, n := range p.After {
			switch {
			case n != r.Epoch-1:
			case p.Rates != nil:
				r.Rate = p.Rates[i]
			default:
				r.Rate *= settings.Or(p.Factor, 0.1)
			}
		}
	}
	return nil
}

func (p PiecewiseConstant) validate() error {
	if !slices.IsSorted(p.After) {
		return fmt.Errorf("callbacks: PiecewiseConstant: After: got %v, want ascending order", p.After)
	}
	if p.Rates != nil && len(p.Rates) != len(p.After) {
		return fmt.Errorf("callbacks: PiecewiseConstant: Rates: got %d, want one for each of the %d numbers in After",
			len(p.Rates), len(p.After))
	}
	if p.Rates != nil && p.Factor != 0 {
		return fmt.Errorf("callbacks: PiecewiseConstant: Factor: got %v with Rates, want 0", p.Factor)
	}
	list := []settings.Setting{settings.AtLeast("Factor", p.Factor, 0)}
	for i, n := range p.After {
		list = append(list, settings.Count(fmt.Sprintf("After[%d]", i), n, 0))
	}
	for i, rate := range p.Rates {
		list = append(list, settings.AtLeast(fmt.Sprintf("Rates[%d]", i), rate, 0))
	}
	return settings.CheckIn("callbacks: PiecewiseConstant", list...)
}
