package callbacks

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// CosineDecay lowers the learning rate along half a cosine wave, from its value at the start of the run to MinRate, where it
// stays (Loshchilov and Hutter, 2017, "SGDR: stochastic gradient descent with warm restarts"):
//
//	lr = MinRate + (start - MinRate)·(1 + cos(π·t/Epochs))/2
//
// Here t counts epochs from 0. With Warmup the rate first rises linearly, and t counts from the end of the warm-up.
type CosineDecay struct {
	Epochs   int     // length of the descent; default all epochs after the warm-up, if FitConfig says how many
	MinRate  float64 // learning rate at the end of a descent
	Warmup   int     // epochs of warm-up; 0 means none
	Restarts bool    // after each descent begin again from the full rate
	Factor   int     // with Restarts each descent is Factor times as long as the one before; default 1
	PerStep  bool    // change the rate at every step instead of every epoch

	start float64
}

var _ graph.Callback = (*CosineDecay)(nil)

// Handle implements graph.Callback.
func (c *CosineDecay) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		c.start = r.Rate
		return checkTicks("CosineDecay", r, c.PerStep, checkLength("CosineDecay", r, c.Epochs, c.validate(r.Config.Epochs)))
	}
	if done, perEpoch, ok := ticks(r, e, c.PerStep); ok {
		r.Rate = c.rate(done, c.Warmup*perEpoch, settings.Or(c.Epochs, r.Config.Epochs-c.Warmup)*perEpoch)
	}
	return nil
}

func (c *CosineDecay) validate(epochs int) error {
	err := settings.CheckIn("callbacks: CosineDecay",
		settings.Count("Epochs", c.Epochs, 0), settings.AtLeast("MinRate", c.MinRate, 0),
		settings.Count("Warmup", c.Warmup, 0), settings.Count("Factor", c.Factor, 0))
	if err == nil && c.Epochs == 0 && c.Warmup >= epochs {
		return fmt.Errorf("callbacks: CosineDecay: Warmup: got %d, want less than the %d epochs of the run", c.Warmup, epochs)
	}
	return err
}

// rate returns the rate after done ticks. The warm-up takes rise ticks, and the first descent fall ticks.
func (c *CosineDecay) rate(done, rise, fall int) float64 {
	if done < rise {
		return warmup(c.start, done, rise)
	}
	done -= rise
	for c.Restarts && done >= fall {
		done -= fall
		fall *= settings.Or(c.Factor, 1)
	}
	return cosine(c.start, c.MinRate, float64(done)/float64(fall))
}

// cosine returns a value between a and b along half a cosine wave: a for t = 0, b for t of 1 or more.
func cosine(a, b, t float64) float64 { return b + (a-b)*(1+math.Cos(math.Pi*min(t, 1)))/2 }
