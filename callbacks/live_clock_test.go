package callbacks

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// TestLiveLeft gives the clock a run of which 10 seconds have passed, in 50 steps.
func TestLiveLeft(t *testing.T) {
	for _, c := range []struct {
		name   string
		run    graph.Run
		left   float64 // seconds
		limits string
	}{
		{"epochs", graph.Run{Epoch: 3, Step: 10, Steps: 20, Config: graph.FitConfig{Epochs: 5, BatchSize: 8}}, 10,
			"5 epochs of 20 steps with 8 samples"},
		{"steps", graph.Run{Epoch: 3, Step: 10, Steps: 20, Config: graph.FitConfig{Epochs: 5, MaxSteps: 60}}, 2,
			"5 epochs of 20 steps, at most 60 steps"},
		{"time", graph.Run{Epoch: 3, Step: 10, Steps: 20, Config: graph.FitConfig{Epochs: math.MaxInt32, MaxTime: 13 * time.Second}}, 3,
			"no limit of epochs of 20 steps, at most 13s"},
		{"the time is over", graph.Run{Epoch: 3, Step: 10, Steps: 20, Config: graph.FitConfig{Epochs: 5, MaxTime: time.Second}}, 0,
			"5 epochs of 20 steps, at most 1s"},
		{"data of unknown length", graph.Run{Epoch: 1, Step: 50, Config: graph.FitConfig{Epochs: 5}}, math.NaN(), "5 epochs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			begin := time.Unix(1000, 0)
			var clock liveClock
			clock.begin(begin)
			clock.steps = 100
			c.run.Total = 150
			got := clock.left(&c.run, begin.Add(10*time.Second))
			require.Equal(t, math.IsNaN(c.left), math.IsNaN(got))
			if !math.IsNaN(c.left) {
				require.InDelta(t, c.left, got, 1e-9)
			}
			require.Equal(t, c.limits, limits(&c.run))
		})
	}
}

// TestLiveSpeed counts samples since the last step that was shown, also in an epoch that was resumed after its third step.
func TestLiveSpeed(t *testing.T) {
	r := graph.Run{Epoch: 1, Step: 4, Samples: 32, Config: graph.FitConfig{BatchSize: 8}}
	var clock liveClock
	clock.begin(time.Now())
	clock.epoch(&r)
	clock.due(&r)
	require.InDelta(t, 4, clock.speed(&r, clock.from.Add(2*time.Second)), 1e-6)
	r.Samples = 40
	require.InDelta(t, 16, clock.speed(&r, clock.from.Add(time.Second/2)), 1e-6)
	require.True(t, math.IsNaN(clock.speed(&r, clock.from.Add(time.Second))), "no samples")
}

// TestLiveBudget: a measurement that takes long is followed by a long pause, and epochs that are shown use up their time.
func TestLiveBudget(t *testing.T) {
	start := time.Now()
	var clock liveClock
	clock.begin(start)
	clock.looked(start, start.Add(time.Second))
	clock.looked(start, start.Add(time.Second))
	require.Equal(t, start.Add(time.Second+livePart*2*time.Second), clock.again)
	clock.look = true
	clock.looked(start, start.Add(time.Microsecond))
	require.Equal(t, start.Add(time.Microsecond+liveLayers), clock.again)
	clock.shown = start
	require.True(t, clock.affords(start))
	clock.spent = liveStart + time.Microsecond
	require.False(t, clock.affords(start.Add(liveSteps/1000)))
	require.True(t, clock.affords(start.Add(liveEpochs*time.Microsecond)))
	clock.spent = time.Hour
	require.True(t, clock.affords(start.Add(liveSteps)), "as often as steps")
}
