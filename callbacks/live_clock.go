package callbacks

import (
	"fmt"
	"math"
	"time"

	"github.com/nndiy/nndiy/graph"
)

// What Live may cost: the shortest times between two steps that it shows, two measurements of parameters, and two calls of Images; the
// part of the time that measurements may take, 1 in livePart, and epochs, 1 in liveEpochs after a start of liveStart.
const (
	liveSteps  = 100 * time.Millisecond
	liveLayers = time.Second
	liveImages = time.Second
	livePart   = 250
	liveEpochs = 1000
	liveStart  = 20 * time.Millisecond
	liveLook   = 2 * time.Millisecond
)

// A liveClock decides when Live shows something, and measures the speed.
type liveClock struct {
	began   time.Time     // the run, or the part of it since it was resumed
	shown   time.Time     // when something was last shown
	from    time.Time     // since when samples are counted
	again   time.Time     // when parameters may be measured next
	look    bool          // the next update is measured
	checked time.Time     // when the time was last looked at
	stride  int           // steps between two looks
	skip    int           // steps until the next look
	cost    time.Duration // of the last measurement
	spent   time.Duration // in showing epochs
	valid   time.Time     // when validation began
	images  time.Time     // when Images was last called
	samples int           // of the epoch, at from; -1 until its first step
	steps   int           // of the run, when it began; -1 until the first epoch
}

func (c *liveClock) begin(now time.Time) { *c = liveClock{began: now, look: true, steps: -1} }

// epoch begins an epoch.
func (c *liveClock) epoch(r *graph.Run) {
	c.samples, c.from = -1, time.Now()
	if c.steps < 0 {
		c.steps = r.Total
	}
}

// due reports whether a step that has ended now is shown. So that fast steps do not pay for the clock, it looks at it about every
// liveLook only; now is when it looked.
func (c *liveClock) due(r *graph.Run) (now time.Time, due bool) {
	if c.samples < 0 { // more than 0 if the run was resumed within the epoch
		c.samples = (r.Step - 1) * r.Config.BatchSize
	}
	if c.skip > 0 {
		c.skip--
		return now, false
	}
	now = time.Now()
	if now.Sub(c.checked) < liveLook {
		c.stride = min(2*c.stride+1, 1<<12)
	} else {
		c.stride /= 4
	}
	c.skip, c.checked = c.stride, now
	if now.After(c.again) {
		c.look = true
	}
	return now, now.Sub(c.shown) >= liveSteps
}

// affords reports whether an epoch that has ended now is shown.
func (c *liveClock) affords(now time.Time) bool {
	return now.Sub(c.shown) >= liveSteps || c.spent <= liveStart+now.Sub(c.began)/liveEpochs
}

// spend counts the time since something was begun; if it took long, the processor did something else.
func (c *liveClock) spend(start time.Time) { c.spent += min(time.Since(start), time.Millisecond) }

// looked counts the time that a measurement took.
func (c *liveClock) looked(start, end time.Time) {
	if c.look {
		c.look, c.cost = false, 0
	}
	c.cost += end.Sub(start)
	c.again = end.Add(max(liveLayers, livePart*c.cost))
}

// speed returns the samples per second since the last step that was shown, and begins to count anew.
func (c *liveClock) speed(r *graph.Run, now time.Time) float64 {
	seconds, samples := now.Sub(c.from).Seconds(), r.Samples-c.samples
	c.samples, c.from, c.shown = r.Samples, now, now
	if seconds <= 0 || samples <= 0 {
		return nan
	}
	return float64(samples) / seconds
}

// left returns the seconds until the end of the run at the speed so far, NaN if that is not known.
func (c *liveClock) left(r *graph.Run, now time.Time) float64 {
	cfg := r.Config
	passed := now.Sub(c.began)
	left := math.Inf(1)
	if done := r.Total - c.steps; done > 0 && r.Steps > 0 {
		each := passed.Seconds() / float64(done)
		if cfg.Epochs < math.MaxInt32 {
			left = each * (float64(cfg.Epochs-r.Epoch)*float64(r.Steps) + float64(r.Steps-r.Step))
		}
		if cfg.MaxSteps > 0 {
			left = min(left, each*float64(cfg.MaxSteps-(r.Epoch-1)*r.Steps-r.Step))
		}
	}
	if cfg.MaxTime > 0 {
		left = min(left, (cfg.MaxTime - passed).Seconds())
	}
	if math.IsInf(left, 1) {
		return nan
	}
	return max(left, 0)
}

// progress returns the epochs done, with the part of the current one.
func progress(r *graph.Run) float64 {
	if r.Steps > 0 {
		return float64(r.Epoch-1) + float64(r.Step)/float64(r.Steps)
	}
	return float64(r.Epoch - 1)
}

// limits returns how long a run is, in words.
func limits(r *graph.Run) string {
	cfg := r.Config
	text := fmt.Sprintf("%d epochs", cfg.Epochs)
	if cfg.Epochs == math.MaxInt32 {
		text = "no limit of epochs"
	}
	if r.Steps > 0 {
		text += fmt.Sprintf(" of %d steps", r.Steps)
	}
	if cfg.BatchSize > 0 {
		text += fmt.Sprintf(" with %d samples", cfg.BatchSize)
	}
	if cfg.MaxSteps > 0 {
		text += fmt.Sprintf(", at most %d steps", cfg.MaxSteps)
	}
	if cfg.MaxTime > 0 {
		text += fmt.Sprintf(", at most %v", cfg.MaxTime)
	}
	return text
}
