package graph_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// endless hides the length of a dataset.
type endless struct{ graph.Dataset }

func (endless) Len() int { return -1 }

// TestMaxSteps: training ends within an epoch, which ends with its logs, and Epochs follow.
func TestMaxSteps(t *testing.T) {
	for name, c := range map[string]struct {
		epochs, max, steps, ended, config int
		stream                            bool
	}{
		"within an epoch":     {0, 5, 5, 2, 2, false},
		"at the end of one":   {0, 8, 8, 2, 2, false},
		"Epochs end before":   {1, 5, 4, 1, 1, false},
		"fewer than an epoch": {3, 2, 2, 1, 3, false},
		"unknown length":      {0, 5, 5, 2, math.MaxInt32, true},
	} {
		t.Run(name, func(t *testing.T) {
			m, data := stepped(t, optimizers.SGD{})
			var set graph.Dataset = data
			if c.stream {
				set = endless{data}
			}
			var run graph.Run
			keep := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				run = *r
				return nil
			})
			h, err := m.Fit(context.Background(), set, graph.FitConfig{Epochs: c.epochs, BatchSize: 8, MaxSteps: c.max, Valid: data, Callbacks: []graph.Callback{keep}})
			require.NoError(t, err)
			require.Equal(t, c.steps, run.Total)
			require.Len(t, h.Logs, c.ended)
			require.Len(t, h.Series("valid_loss"), c.ended)
			require.Equal(t, c.config, run.Config.Epochs)
			_, err = m.Fit(context.Background(), set, graph.FitConfig{BatchSize: 8, MaxSteps: 1, Callbacks: []graph.Callback{keep}})
			require.NoError(t, err)
			require.Equal(t, c.steps+1, run.Total, "MaxSteps counts from the beginning of this Fit")
		})
	}
}

// TestMaxTime: at least one step, and as many epochs as fit in the time.
func TestMaxTime(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{})
	total := 0
	count := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		total = r.Total
		return nil
	})
	h, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 8, MaxTime: 1, Callbacks: []graph.Callback{count}})
	require.NoError(t, err)
	require.Len(t, h.Logs, 1)
	require.Equal(t, 1, total)
	began := time.Now()
	h, err = m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 8, MaxTime: 200 * time.Millisecond})
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(began), 200*time.Millisecond)
	require.Greater(t, len(h.Logs), 1)
	h, err = m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 8, MaxTime: time.Hour})
	require.NoError(t, err)
	require.Len(t, h.Logs, 2)
}

// TestMaxTimeBetweenSteps: time that ends between two epochs lets the next one have a step, and time that ends while the data do is no
// reason to forget their number.
func TestMaxTimeBetweenSteps(t *testing.T) {
	m, data := stepped(t, optimizers.SGD{})
	const most = 50 * time.Millisecond
	for _, at := range []graph.Event{graph.EpochBegin, graph.StepEnd, graph.EpochEnd} {
		var steps []int
		spend := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
			if e == at && r.Epoch == 2 {
				time.Sleep(most)
			}
			if e == graph.EpochEnd {
				steps = append(steps, r.Step)
			}
			return nil
		})
		cfg := graph.FitConfig{Epochs: 3, BatchSize: 8, MaxTime: most, Callbacks: []graph.Callback{spend}}
		h, err := m.Fit(context.Background(), data, cfg)
		require.NoError(t, err, at)
		require.Len(t, h.Logs, len(steps))
		for _, n := range steps {
			require.Positive(t, n, at)
		}
	}
}

// TestValidEvery: validations within the epochs, on the averages of the weights, and one after each epoch.
func TestValidEvery(t *testing.T) {
	m, data := stepped(t, optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 0.1}})
	got := ""
	follow := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
		if e != graph.StepBegin {
			got += fmt.Sprintf("%v %d ", e, r.Step)
		}
		if e == graph.ValidEnd {
			want, err := r.Model.Evaluate(context.Background(), data)
			require.NoError(t, err)
			require.Equal(t, graph.Logs{"valid_loss": want["loss"], "valid_mae": want["mae"]}, r.ValidLogs)
		}
		return nil
	})
	h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 2, BatchSize: 8, Valid: data, ValidEvery: 2, Callbacks: []graph.Callback{follow}})
	require.NoError(t, err)
	epoch := "EpochBegin 0 StepEnd 1 StepEnd 2 ValidBegin 2 ValidEnd 2 StepEnd 3 StepEnd 4 ValidBegin 4 ValidEnd 4 EpochEnd 4 "
	require.Equal(t, "TrainBegin 0 "+epoch+epoch+"TrainEnd 4 ", got)
	require.Len(t, h.Series("valid_loss"), 2)
	_, err = m.Fit(context.Background(), data, graph.FitConfig{ValidEvery: 2})
	require.EqualError(t, err, "graph: Fit: ValidEvery: got 2 without Valid, want Valid set")
}

// TestResumeLimits: runs that MaxSteps ends, and that resume at each of their steps with more, have the bits, the validations and the
// history of one that does all steps at once.
func TestResumeLimits(t *testing.T) {
	dir := t.TempDir()
	type result struct {
		weights string
		valid   []float64
		history graph.History
	}
	fit := func(resume, save string, most, before int) result {
		m, data := stepped(t, optimizers.Adam{LearningRate: 0.1})
		if resume == "" { // MaxSteps does not count these
			for range before {
				_, err := m.Fit(context.Background(), data, graph.FitConfig{})
				require.NoError(t, err)
			}
		}
		var r result
		record := graph.CallbackFunc(func(run *graph.Run, e graph.Event) error {
			if e == graph.ValidEnd {
				r.valid = append(r.valid, run.ValidLogs["valid_loss"])
			}
			if e == graph.StepEnd && save != "" {
				run.After(func() error { return run.SaveFile(save) })
			}
			return nil
		})
		var err error
		r.history, err = m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 8, MaxSteps: most, Valid: data, ValidEvery: 3, Resume: resume,
			Callbacks: []graph.Callback{record}})
		require.NoError(t, err)
		r.weights = bits(m.Weights())
		return r
	}
	for _, before := range []int{0, 3} {
		want := fit("", "", 10, before)
		for most := 1; most < 10; most++ {
			path := filepath.Join(dir, fmt.Sprint(before, most))
			fit("", path, most, before)
			got := fit(path, "", 10, before)
			require.Equal(t, want.weights, got.weights)
			require.Equal(t, want.history, got.history)
			require.Equal(t, want.valid[len(want.valid)-len(got.valid):], got.valid)
			require.NotEmpty(t, got.valid)
		}
	}
}
