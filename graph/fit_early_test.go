package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/optimizers"
)

// TestResumeEarlyEpoch: a run that MaxSteps or MaxTime ends within an epoch, and whose callbacks write at the end of epochs, continues
// with the bits of one without a limit: with a partial accumulation, averages of the weights, and callbacks that keep a state of epochs.
func TestResumeEarlyEpoch(t *testing.T) {
	for name, rule := range map[string]graph.Optimizer{"Adam": optimizers.Adam{LearningRate: 0.1}, "EMA": optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 0.1}}} {
		for _, accumulate := range []int{1, 2} {
			fit := func(path string, cfg graph.FitConfig) (string, graph.History) {
				m, data := stepped(t, rule)
				cfg.Epochs, cfg.BatchSize, cfg.Accumulate, cfg.Valid, cfg.Resume = 3, 8, accumulate, data, path
				cfg.Callbacks = append(cfg.Callbacks, &callbacks.EarlyStopping{Patience: 2, RestoreBest: true}, &callbacks.Checkpoint{Path: path})
				h, err := m.Fit(context.Background(), data, cfg)
				require.NoError(t, err)
				return bits(m.Weights()), h
			}
			dir := t.TempDir()
			weights, history := fit(filepath.Join(dir, "whole"), graph.FitConfig{})
			const steps = 12
			for most := 1; most < steps; most++ {
				what := fmt.Sprintf("%s, accumulate %d, %d steps", name, accumulate, most)
				path := filepath.Join(dir, fmt.Sprint(most))
				first, short := fit(path, graph.FitConfig{MaxSteps: most})
				got, h := fit(path, graph.FitConfig{MaxSteps: most})
				require.Equal(t, first, got, what+", with no step left")
				require.Equal(t, short, h, what+", with no step left")
				got, h = fit(path, graph.FitConfig{})
				require.Equal(t, weights, got, what)
				require.Equal(t, history, h, what)
			}

			path, done := filepath.Join(dir, "time"), 0
			var got string
			var h graph.History
			for run := 1; run <= steps; run++ { // one step each
				slow := graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
					if e == graph.StepBegin {
						time.Sleep(2 * time.Millisecond)
					}
					done = r.Total
					return nil
				})
				got, h = fit(path, graph.FitConfig{MaxTime: time.Millisecond, Callbacks: []graph.Callback{slow}})
				require.Equal(t, run, done)
			}
			require.Equal(t, weights, got, "%s, accumulate %d, one step in each run", name, accumulate)
			require.Equal(t, history, h)
		}
	}
}

// TestResumeNoStep: a run that resumes from a checkpoint written at the beginning of an epoch, or within it, and has reached its limit by
// then, ends with the weights and the history of one that had this limit from the start. No epoch without steps is begun, and callbacks
// have their state.
func TestResumeNoStep(t *testing.T) {
	dir := t.TempDir()
	fit := func(resume string, cfg graph.FitConfig, save graph.Event) (string, graph.History, []string) {
		m, data := stepped(t, optimizers.EMA{Optimizer: optimizers.SGD{LearningRate: 0.1}})
		var seen []string
		cfg.BatchSize, cfg.Valid, cfg.Resume = 8, data, resume
		cfg.Callbacks = append(cfg.Callbacks, &callbacks.EarlyStopping{Patience: 3, RestoreBest: true, Monitor: "learning_rate"},
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				if seen = append(seen, e.String()); e == save {
					r.After(func() error { return r.SaveFile(filepath.Join(dir, fmt.Sprintf("%v%d%d", e, r.Epoch, r.Step))) })
				}
				return nil
			}))
		h, err := m.Fit(context.Background(), data, cfg)
		require.NoError(t, err)
		return bits(m.Weights()), h, seen
	}
	fit("", graph.FitConfig{Epochs: 3}, graph.EpochBegin)
	fit("", graph.FitConfig{Epochs: 3}, graph.StepEnd)
	for _, c := range []struct {
		from          string
		limit, same   graph.FitConfig // of the resumed run, and of one from the start with the same result
		epochs, steps int             // in the resumed run
	}{
		{"EpochBegin20", graph.FitConfig{MaxSteps: 4}, graph.FitConfig{MaxSteps: 4}, 0, 0},
		{"EpochBegin30", graph.FitConfig{MaxSteps: 8}, graph.FitConfig{MaxSteps: 8}, 0, 0},
		{"EpochBegin30", graph.FitConfig{MaxSteps: 8, Epochs: 3}, graph.FitConfig{MaxSteps: 8}, 0, 0},
		{"EpochBegin30", graph.FitConfig{MaxSteps: 2}, graph.FitConfig{MaxSteps: 8}, 0, 0},
		{"EpochBegin30", graph.FitConfig{Epochs: 2}, graph.FitConfig{Epochs: 2}, 0, 0},
		{"EpochBegin30", graph.FitConfig{Epochs: 1}, graph.FitConfig{Epochs: 2}, 0, 0},
		{"StepEnd31", graph.FitConfig{Epochs: 1}, graph.FitConfig{Epochs: 2}, 0, 0}, // the best weights are those of the first epoch
		{"EpochBegin30", graph.FitConfig{MaxSteps: 9}, graph.FitConfig{MaxSteps: 9}, 1, 1},
		{"StepEnd31", graph.FitConfig{MaxSteps: 9}, graph.FitConfig{MaxSteps: 9}, 1, 0},
		{"EpochBegin10", graph.FitConfig{MaxSteps: 1}, graph.FitConfig{MaxSteps: 1}, 1, 1},
	} {
		what := fmt.Sprintf("%s, %+v", c.from, c.limit)
		want, history, _ := fit("", c.same, -1)
		got, h, seen := fit(filepath.Join(dir, c.from), c.limit, -1)
		require.Equal(t, want, got, what)
		require.Equal(t, history, h, what)
		count := map[string]int{}
		for _, e := range seen {
			count[e]++
		}
		require.Equal(t, []int{c.epochs, c.epochs, c.steps}, []int{count["EpochBegin"], count["EpochEnd"], count["StepEnd"]}, what)
	}
}

// counted is a dataset that yields more batches than Len and the size of a batch say.
type counted struct{ graph.Arrays }

func (c counted) Steps(int) int { return c.Len() }

func (c counted) Batches(_ int, rng *rand.Rand) iter.Seq2[graph.Batch, error] {
	return c.Arrays.Batches(1, rng)
}

// TestMaxStepsEpochs: without a number of epochs, MaxSteps gives as many as its steps take, also for data that count their steps.
func TestMaxStepsEpochs(t *testing.T) {
	for _, c := range []struct{ most, epochs int }{{1, 1}, {30, 1}, {31, 2}, {60, 2}} {
		m, data := stepped(t, optimizers.SGD{LearningRate: 0.1})
		epochs, steps := 0, 0
		_, err := m.Fit(context.Background(), counted{data}, graph.FitConfig{MaxSteps: c.most, BatchSize: 8, Callbacks: []graph.Callback{
			graph.CallbackFunc(func(r *graph.Run, _ graph.Event) error {
				epochs, steps = r.Config.Epochs, r.Steps
				return nil
			})}})
		require.NoError(t, err)
		require.Equal(t, c.epochs, epochs, "%d steps", c.most)
		require.Equal(t, 30, steps)
	}
}
