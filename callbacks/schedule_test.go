package callbacks_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// TestPrintedRates compares with the rates that the library that nndiy continues printed, to every digit.
func TestPrintedRates(t *testing.T) {
	s := script{rate: 5e-4, logs: losses(1, 1, 1, 1, 1, 1)}
	if err := s.play(callbacks.TimeDecay{Decay: 1e-4}); err != nil {
		t.Fatal(err)
	}
	want := []string{"5.000000e-04", "4.999500e-04", "4.998500e-04", "4.997001e-04", "4.995003e-04", "4.992507e-04"}
	for i, rate := range s.rates {
		if got := fmt.Sprintf("%e", rate); got != want[i] {
			t.Errorf("epoch %d: got rate %s, want %s", i+1, got, want[i])
		}
	}
}

func TestSchedules(t *testing.T) {
	half := math.Sqrt(0.5)
	for _, c := range []struct {
		why       string
		callbacks []graph.Callback
		steps     int // in an epoch; 0 means 1
		epochs    int
		want      []float64 // rate of each step; the optimizer has 1
	}{
		{"a decay of 0 changes nothing", []graph.Callback{callbacks.TimeDecay{}}, 0, 3, []float64{1, 1, 1}},
		{"the default factor", []graph.Callback{callbacks.ExponentialDecay{}}, 0, 3, []float64{1, 0.95, 0.9025}},
		{"the default step", []graph.Callback{callbacks.StepDecay{}}, 0, 11, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.1}},
		{"given rates, the first from the start",
			[]graph.Callback{callbacks.PiecewiseConstant{After: []int{0, 2}, Rates: []float64{3, 5}}}, 0, 4, []float64{3, 3, 5, 5}},
		{"given rates, before them the optimizer's",
			[]graph.Callback{callbacks.PiecewiseConstant{After: []int{1}, Rates: []float64{0}}}, 0, 3, []float64{1, 0, 0}},
		{"the default factor, twice after one epoch",
			[]graph.Callback{callbacks.PiecewiseConstant{After: []int{1, 1}}}, 0, 3, []float64{1, 0.01, 0.01}},
		{"a straight line over all epochs", []graph.Callback{&callbacks.PolynomialDecay{}}, 0, 4, []float64{1, 0.75, 0.5, 0.25}},
		{"the end rate is reached and kept",
			[]graph.Callback{&callbacks.PolynomialDecay{Epochs: 2, EndRate: 0.5}}, 0, 4, []float64{1, 0.75, 0.5, 0.5}},
		{"a line by steps", []graph.Callback{&callbacks.PolynomialDecay{PerStep: true}}, 2, 2, []float64{1, 0.75, 0.5, 0.25}},
		{"a cosine by steps, down to the end", []graph.Callback{&callbacks.CosineDecay{PerStep: true}}, 2, 2,
			[]float64{1, (1 + half) / 2, 0.5, (1 - half) / 2}},
		{"MinRate is kept", []graph.Callback{&callbacks.CosineDecay{Epochs: 2, MinRate: 0.25}}, 0, 4,
			[]float64{1, 0.625, 0.25, 0.25}},
		{"warm-up, then a cosine over the other epochs", []graph.Callback{&callbacks.CosineDecay{Warmup: 2}}, 0, 4,
			[]float64{0.5, 1, 1, 0.5}},
		{"warm-up by steps", []graph.Callback{&callbacks.CosineDecay{Warmup: 1, PerStep: true}}, 2, 2, []float64{0.5, 1, 1, 0.5}},
		{"restarts of equal length", []graph.Callback{&callbacks.CosineDecay{Epochs: 2, Restarts: true}}, 0, 5,
			[]float64{1, 0.5, 1, 0.5, 1}},
		{"warm-up comes only before the first descent",
			[]graph.Callback{&callbacks.CosineDecay{Epochs: 2, Warmup: 1, Restarts: true}}, 0, 5, []float64{1, 1, 0.5, 1, 0.5}},
		{"warm-up by steps, then a constant rate", []graph.Callback{&callbacks.Warmup{PerStep: true}}, 4, 2,
			[]float64{0.25, 0.5, 0.75, 1, 1, 1, 1, 1}},
		{"a decay after the warm-up", []graph.Callback{&callbacks.Warmup{Epochs: 2}, callbacks.StepDecay{Every: 3}}, 0, 4,
			[]float64{0.5, 1, 1, 0.1}},
		{"two decays together", []graph.Callback{callbacks.ExponentialDecay{Factor: 0.5}, callbacks.StepDecay{Every: 2}}, 0, 4,
			[]float64{1, 0.5, 0.025, 0.0125}},
		{"a cycle of the optimizer's rate, in lines",
			[]graph.Callback{&callbacks.OneCycle{Rise: 0.5, Div: 4, FinalDiv: 5, Linear: true}}, 0, 6,
			[]float64{0.25, 0.625, 1, 1 - 0.95/3, 1 - 2*0.95/3, 0.05}},
		{"a cycle by steps in one epoch, of a given rate",
			[]graph.Callback{&callbacks.OneCycle{MaxRate: 2, Rise: 0.5, Div: 4, FinalDiv: 5, Linear: true, PerStep: true}}, 6, 1,
			[]float64{0.5, 1.25, 2, 2 - 1.9/3, 2 - 3.8/3, 0.1}},
		{"after a cycle its last rate is kept",
			[]graph.Callback{&callbacks.OneCycle{Epochs: 2, Rise: 0.5, Div: 4, FinalDiv: 5}}, 0, 4, []float64{1, 0.05, 0.05, 0.05}},
		{"a cycle that rises to its end",
			[]graph.Callback{&callbacks.OneCycle{Epochs: 3, Rise: 1, Div: 2, FinalDiv: 5, Linear: true}}, 0, 4,
			[]float64{0.5, 0.75, 1, 0.1}},
		{"a cycle whose first step is its peak", []graph.Callback{&callbacks.OneCycle{Rise: 0.5, PerStep: true}}, 2, 1, []float64{1, 4e-6}},
		{"any function", []graph.Callback{callbacks.Schedule(func(epoch int) float64 { return 1 / float64(epoch) })}, 2, 2,
			[]float64{1, 1, 0.5, 0.5}},
	} {
		t.Run(c.why, func(t *testing.T) {
			s := script{rate: 1, steps: c.steps, logs: losses(make([]float64, c.epochs)...)}
			for range 2 { // the second run must equal the first
				if err := s.play(c.callbacks...); err != nil {
					t.Fatal(err)
				}
				if !equal(s.rates, c.want, 1e-14) {
					t.Errorf("got rates\n%v, want\n%v", s.rates, c.want)
				}
			}
		})
	}
}

// TestSettings has invalid settings. Each is an error before the first step.
func TestSettings(t *testing.T) {
	for _, c := range []struct {
		callback graph.Callback
		want     string
	}{
		{callbacks.TimeDecay{Decay: -1}, "callbacks: TimeDecay: Decay: got -1, want a finite number of at least 0"},
		{callbacks.ExponentialDecay{Factor: math.NaN()}, "ExponentialDecay: Factor: got NaN"},
		{callbacks.StepDecay{Every: -1}, "StepDecay: Every: got -1"},
		{callbacks.StepDecay{Factor: math.Inf(1)}, "StepDecay: Factor: got +Inf"},
		{callbacks.PiecewiseConstant{After: []int{2, 1}}, "PiecewiseConstant: After: got [2 1], want ascending order"},
		{callbacks.PiecewiseConstant{After: []int{-2, 1}}, "PiecewiseConstant: After[0]: got -2"},
		{callbacks.PiecewiseConstant{After: []int{1, 2}, Rates: []float64{1}}, "Rates: got 1, want one for each of the 2 numbers"},
		{callbacks.PiecewiseConstant{After: []int{1}, Rates: []float64{-1}}, "Rates[0]: got -1"},
		{callbacks.PiecewiseConstant{After: []int{1}, Rates: []float64{1}, Factor: 1}, "Factor: got 1 with Rates, want 0"},
		{&callbacks.PolynomialDecay{Power: -1}, "PolynomialDecay: Power: got -1"},
		{&callbacks.Warmup{Epochs: -1}, "Warmup: Epochs: got -1"},
		{&callbacks.CosineDecay{MinRate: -1}, "CosineDecay: MinRate: got -1"},
		{&callbacks.CosineDecay{Warmup: -1}, "CosineDecay: Warmup: got -1"},
		{&callbacks.CosineDecay{Warmup: 3}, "CosineDecay: Warmup: got 3, want less than the 3 epochs of the run"},
		{&callbacks.OneCycle{Rise: 2}, "OneCycle: Rise: got 2, want at least 0 and at most 1"},
		{&callbacks.OneCycle{Epochs: 1}, "OneCycle: Epochs: got a cycle of 1, want at least 2, or PerStep"},
		{&callbacks.OneCycle{Epochs: 1, PerStep: true}, "OneCycle: Epochs: got a cycle of 1 epoch with 1 step, want at least 2 steps"},
		{&callbacks.OneCycle{Epochs: -1}, "OneCycle: Epochs: got -1, want 0 or more"},
		{callbacks.Schedule(nil), "Schedule: got nil, want a function"},
		{callbacks.Schedule(func(int) float64 { return math.NaN() }), "Schedule: the rate of epoch 1: got NaN"},
		{&callbacks.Live{ImagesEvery: -1}, "callbacks: Live: ImagesEvery: got -1, want 0 or more"},
		{&callbacks.GradientNorms{Every: -1}, "callbacks: GradientNorms: Every: got -1, want 0 or more"},
		{&callbacks.RateFinder{Min: -1}, "callbacks: RateFinder: Min: got -1, want a finite number of at least 0"},
		{&callbacks.RateFinder{Max: math.Inf(1)}, "RateFinder: Max: got +Inf"},
		{&callbacks.RateFinder{Min: 20}, "RateFinder: Min: got 20 with Max 10, want a smaller one"},
		{&callbacks.RateFinder{Smooth: 1}, "RateFinder: Smooth: got 1, want at least 0 and less than 1"},
		{&callbacks.RateFinder{Diverge: 0.5}, "RateFinder: Diverge: got 0.5, want more than 1, or 0 for 4"},
		{&callbacks.EarlyStopping{MinDelta: -1}, "EarlyStopping: MinDelta: got -1"},
		{&callbacks.EarlyStopping{Patience: -1}, "EarlyStopping: Patience: got -1"},
		{&callbacks.ReduceOnPlateau{Factor: 1.5}, "ReduceOnPlateau: Factor: got 1.5, want at least 0 and at most 1"},
		{&callbacks.ReduceOnPlateau{Cooldown: -1}, "ReduceOnPlateau: Cooldown: got -1"},
	} {
		t.Run(c.want, func(t *testing.T) {
			s := script{rate: 1, logs: losses(1, 1, 1)}
			wantError(t, s.play(c.callback), c.want)
			if len(s.rates) > 0 {
				t.Errorf("got %d steps, want none", len(s.rates))
			}
		})
	}
}
