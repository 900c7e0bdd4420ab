package callbacks_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
)

// find runs a finder on a model with one weight w, which starts at 1, and a loss of it.
func find(t *testing.T, finder *callbacks.RateFinder, cfg graph.FitConfig, loss func(w graph.Node) graph.Node) error {
	t.Helper()
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Mul(s.Param("w", graph.Ones, 1)) })
	m, err := graph.Compile(net, graph.Config{Input: []int{1}, Optimizer: descent{}, Loss: graph.LossFunc(func(pred, _ graph.Node) graph.Node { return loss(pred).Mean() })})
	require.NoError(t, err)
	ones := tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float32{1, 1, 1, 1}))
	cfg.BatchSize, cfg.Callbacks = 1, append([]graph.Callback{finder}, cfg.Callbacks...)
	_, err = m.Fit(context.Background(), graph.Arrays{X: ones, Y: ones}, cfg)
	require.Equal(t, []float32{1}, m.Weights()["w"].Float32s(), "the weight is that from before")
	return err
}

func square(w graph.Node) graph.Node { return w.Square() }

// TestRateFinder: the loss w² falls by the factor (1-2·rate)² in a step, and diverges at rates above 1.
func TestRateFinder(t *testing.T) {
	for _, c := range []struct {
		name   string
		finder callbacks.RateFinder
		cfg    graph.FitConfig
		points int // at least
		most   int
	}{
		{"diverges", callbacks.RateFinder{}, graph.FitConfig{MaxSteps: 100}, 85, 99},
		{"steps of epochs", callbacks.RateFinder{Max: 100}, graph.FitConfig{Epochs: 10}, 20, 39},
		{"all steps", callbacks.RateFinder{Min: 1e-3, Max: 0.9}, graph.FitConfig{Epochs: 100, MaxSteps: 60}, 60, 60},
		{"infinite", callbacks.RateFinder{Max: 1e30, Diverge: 1e300}, graph.FitConfig{MaxSteps: 100}, 20, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, find(t, &c.finder, c.cfg, square))
			points := c.finder.Points()
			require.GreaterOrEqual(t, len(points), c.points)
			require.LessOrEqual(t, len(points), c.most)
			low := max(c.finder.Min, 1e-6)
			require.Equal(t, low, points[0].Rate)
			for i, p := range points[1:] {
				require.InEpsilon(t, points[1].Rate/points[0].Rate, p.Rate/points[i].Rate, 1e-9)
				require.LessOrEqual(t, math.Abs(p.Smooth-points[i].Smooth), math.Abs(p.Loss-points[i].Smooth))
			}
			require.Equal(t, 1.0, points[0].Loss)
			require.InDelta(t, 1, points[0].Smooth, 1e-9)
			rate, err := c.finder.Suggestion()
			require.NoError(t, err)
			require.Greater(t, rate, 1e-3)
			require.Less(t, rate, 0.5)

			var b bytes.Buffer
			require.NoError(t, c.finder.WriteCSV(&b))
			lines := strings.Split(strings.TrimSpace(b.String()), "\n")
			require.Len(t, lines, len(points)+1)
			require.Equal(t, "rate,loss,smooth", lines[0])
			require.True(t, strings.HasPrefix(lines[1], fmt.Sprint(low)+",1,"), lines[1])
			require.NoError(t, find(t, &c.finder, c.cfg, square))
			again, err := c.finder.Suggestion()
			require.NoError(t, err)
			require.Equal(t, rate, again, "a second run begins anew")
		})
	}
}

// TestRateFinderSign: a negative loss does not end the run as long as it falls.
func TestRateFinderSign(t *testing.T) {
	finder := &callbacks.RateFinder{Min: 1e-4, Max: 0.1}
	require.NoError(t, find(t, finder, graph.FitConfig{MaxSteps: 50}, func(w graph.Node) graph.Node { return w.Square().Shift(-3) }))
	require.Len(t, finder.Points(), 50)
	_, err := finder.Suggestion()
	require.NoError(t, err)
}

// TestRateFinderNothing: batches in which nothing counts take part in the sweep and have no point.
func TestRateFinderNothing(t *testing.T) {
	finder := &callbacks.RateFinder{Min: 1e-3, Max: 1}
	r := &graph.Run{Model: gate(t), Config: graph.FitConfig{Epochs: 10}, Steps: 4}
	require.NoError(t, finder.Handle(r, graph.TrainBegin))
	for step := range 40 {
		require.NoError(t, finder.Handle(r, graph.StepBegin))
		require.InEpsilon(t, 1e-3*math.Pow(1e3, float64(step)/39), r.Rate, 1e-9)
		if r.StepLoss = 40 - float64(step); step%4 == 0 || step == 39 {
			r.StepLoss = math.NaN()
		}
		if err := finder.Handle(r, graph.StepEnd); step == 39 {
			require.ErrorIs(t, err, graph.Stop)
		} else {
			require.NoError(t, err)
		}
	}
	require.NoError(t, finder.Handle(r, graph.TrainEnd))
	require.Len(t, finder.Points(), 29)
	for _, p := range finder.Points() {
		require.Greater(t, p.Smooth, p.Loss-1e-9)
	}
	_, err := finder.Suggestion()
	require.NoError(t, err)
}

// TestRateFinderErrors: runs that are too short or are no run of its own, and losses that do not fall.
func TestRateFinderErrors(t *testing.T) {
	finder := &callbacks.RateFinder{}
	require.ErrorContains(t, find(t, finder, graph.FitConfig{Epochs: 2}, square), "callbacks: RateFinder: got a run of 8 steps, want 10 or more: set FitConfig.MaxSteps")
	require.ErrorContains(t, find(t, finder, graph.FitConfig{MaxTime: time.Hour}, square), "callbacks: RateFinder: got a run that only MaxTime ends")
	_, err := finder.Suggestion()
	require.ErrorContains(t, err, "callbacks: RateFinder: got a loss that does not fall in 0 steps")

	require.NoError(t, find(t, finder, graph.FitConfig{MaxSteps: 40}, func(w graph.Node) graph.Node { return w.Scale(0) }))
	_, err = finder.Suggestion()
	require.EqualError(t, err, "callbacks: RateFinder: got a loss that does not fall in 40 steps at rates from 1e-06 to 10, want other rates or more steps")

	failed := fmt.Errorf("failed")
	bad := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e == graph.StepEnd && r.Total == 5 {
			return failed
		}
		return nil
	})
	require.ErrorIs(t, find(t, finder, graph.FitConfig{MaxSteps: 40, Callbacks: []graph.Callback{bad}}, square), failed)
}
