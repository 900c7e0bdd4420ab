package callbacks

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// CosineDecay takes the learning rate down by half a wave of a cosine, from where it is as training begins, at t = 0, to
// MinRate, where it stays (Loshchilov and Hutter, 2017, "SGDR: stochastic gradient descent with warm restarts"):
//
//	lr = MinRate + (start - MinRate)·(1 + cos(π·t/Epochs))/2
//
// With Restarts it begins anew from the full rate each time that it has come down. With Warmup the rate rises in equal parts
// first, and t counts from the end of that.
type CosineDecay struct {
	Epochs   int // of one descent, the first one with Restarts; 0 is all that the warm-up leaves
	MinRate  float64
	Warmup   int // epochs of warm-up; 0 is none
	Restarts bool
	Factor   int  // each descent is that many times as long as the one before; 0 is 1
	PerStep  bool // t grows with each step, not with each epoch

	start float64
}

var _ graph.Callback = (*CosineDecay)(nil)

// Handle implements graph.Callback.
func (c *CosineDecay) Handle(r *graph.Run, e graph.Event) error {
	if e == graph.TrainBegin {
		c.start = r.Rate
		return c.validate(r.Config.Epochs)
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

// rate returns the rate after done ticks, of which rise are the warm-up and the next fall are the first descent.
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

// cosine goes from a to b as t goes from 0 to 1, and stays there.
func cosine(a, b, t float64) float64 { return b + (a-b)*(1+math.Cos(math.Pi*min(t, 1)))/2 }
