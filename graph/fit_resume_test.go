package graph_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// eventful is a run with everything that a checkpoint must store: dropout, running statistics, metrics of both kinds,
// schedules, a plateau, early stopping that restores the best weights, and a log; with float64 also averaged weights and
// updates of two batches.
type eventful struct {
	model    *graph.Model
	data     graph.Arrays
	cfg      graph.FitConfig
	stopping *callbacks.EarlyStopping
	log      *bytes.Buffer
	rates    []float64
}

func newEventful(t testing.TB, dt tensor.Dtype) *eventful {
	t.Helper()
	var rule graph.Optimizer = optimizers.Adam{LearningRate: 0.05}
	accumulate := 0
	if dt == tensor.Float64 { // the rarer features, in one of the two
		rule, accumulate = optimizers.EMA{Optimizer: rule, Decay: 0.5}, 2
	}
	net := layers.Sequential{layers.Dense{Units: 8}, layers.BatchNorm{}, layers.Tanh{}, layers.Dropout{Rate: 0.2}, layers.Dense{Units: 2}}
	m, err := graph.Compile(net, graph.Config{
		Input: []int{5}, DType: dt, Seed: 9, Optimizer: rule, Loss: pseudoSquare{},
		Metrics: []graph.Metric{metrics.R2{}, metrics.MeanAbsoluteError{}},
	})
	require.NoError(t, err)
	e := &eventful{model: m, data: graph.Arrays{X: random(1, 21, 5), Y: random(2, 21, 2)}, log: new(bytes.Buffer)}
	e.stopping = &callbacks.EarlyStopping{Monitor: "train_loss", Patience: 3, RestoreBest: true, MinDelta: 0.3, StartFrom: 2}
	e.cfg = graph.FitConfig{Epochs: 8, BatchSize: 4, Accumulate: accumulate, Valid: graph.Arrays{X: random(3, 9, 5), Y: random(4, 9, 2)}, Callbacks: []graph.Callback{
		&callbacks.Warmup{Epochs: 2, PerStep: true}, callbacks.TimeDecay{Decay: 0.1},
		&callbacks.ReduceOnPlateau{Patience: 1, MinDelta: 0.2}, e.stopping, &callbacks.CSVLog{Writer: e.log},
		graph.CallbackFunc(func(r *graph.Run, event graph.Event) error {
			if event == graph.StepEnd {
				e.rates = append(e.rates, r.Rate)
			}
			return nil
		}),
	}}
	return e
}

// pseudoSquare is a registered loss that is defined outside the library.
type pseudoSquare struct{}

func (pseudoSquare) Loss(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() }

func init() { graph.Register("", pseudoSquare{}) }

// fit trains with additional callbacks, and resumes from a checkpoint unless its path is empty.
func (e *eventful) fit(t testing.TB, ctx context.Context, resume string, more ...graph.Callback) (graph.History, error) {
	t.Helper()
	e.cfg.Resume = resume
	e.cfg.Callbacks = append(e.cfg.Callbacks, more...)
	return e.model.Fit(ctx, e.data, e.cfg)
}

// TestResume: a run that is resumed from any step ends with the same bits as an uninterrupted one: weights, optimizer, history,
// learning rates, log and the best epoch.
func TestResume(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		t.Run(dt.String(), func(t *testing.T) {
			plain := newEventful(t, dt)
			want, err := plain.fit(t, context.Background(), "")
			require.NoError(t, err)
			require.Less(t, len(want.Logs), 8, "EarlyStopping must have ended the run")
			require.Less(t, plain.stopping.BestEpoch, len(want.Logs))

			dir := filepath.Join(t.TempDir(), "steps")
			checkpoint := func() graph.Callback { return &callbacks.Checkpoint{Dir: dir, EverySteps: 1, Every: 1} }
			first := newEventful(t, dt)
			// The checkpoint is the first callback, and still stores the states after the event.
			first.cfg.Callbacks = append([]graph.Callback{checkpoint()}, first.cfg.Callbacks...)
			history, err := first.fit(t, context.Background(), dir)
			require.NoError(t, err)
			require.Equal(t, want, history)
			require.Equal(t, saved(t, plain.model), saved(t, first.model), "checkpoints change nothing")
			names := files(t, dir)
			require.Len(t, names, len(plain.rates))

			for i, name := range names {
				path := filepath.Join(dir, name)
				again := newEventful(t, dt)
				again.cfg.ClassWeight = []float64{} // the same as nil
				if i%2 == 1 {                       // a model made from the file, not by the code
					again.model, err = graph.Open(path)
					require.NoError(t, err)
				}
				again.cfg.Callbacks = append([]graph.Callback{&callbacks.Checkpoint{Path: filepath.Join(t.TempDir(), "x"), EverySteps: 3}}, again.cfg.Callbacks...)
				history, err := again.fit(t, context.Background(), path)
				require.NoError(t, err)
				require.Equal(t, want, history, name)
				require.Equal(t, saved(t, plain.model), saved(t, again.model), name)
				require.Equal(t, plain.log.String(), again.log.String(), name)
				require.Equal(t, plain.rates[i+1:], append([]float64{}, again.rates...), name)
				require.Equal(t, []any{plain.stopping.BestEpoch, plain.stopping.Best}, []any{again.stopping.BestEpoch, again.stopping.Best})
			}
		})
	}
}

// TestResumeCancelled: a run that is cancelled again and again ends with the same bits, with a folder that keeps two files.
func TestResumeCancelled(t *testing.T) {
	plain := newEventful(t, tensor.Float32)
	want, err := plain.fit(t, context.Background(), "")
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "some", "folder")
	for n := 1; ; n++ {
		require.Less(t, n, 30)
		e := newEventful(t, tensor.Float32)
		ctx, cancel := context.WithCancel(context.Background())
		steps := 0
		history, err := e.fit(t, ctx, dir, &callbacks.Checkpoint{Dir: dir, EverySteps: 2, Keep: 2},
			graph.CallbackFunc(func(r *graph.Run, event graph.Event) error {
				require.Equal(t, n > 1, r.Resumed)
				if event == graph.StepEnd {
					if steps++; steps == 5 {
						cancel()
					}
				}
				return nil
			}))
		cancel()
		require.LessOrEqual(t, len(files(t, dir)), 2)
		if err == nil {
			require.Equal(t, want, history)
			require.Equal(t, saved(t, plain.model), saved(t, e.model))
			require.Greater(t, n, 4)
			return
		}
		require.ErrorIs(t, err, context.Canceled)
	}
}

// TestResumeMore: a run that has ended continues if it gets more epochs, and otherwise returns its history.
func TestResumeMore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.nndiy")
	fit := func(epochs int, resume string) (*graph.Model, graph.History) {
		m, data := regression(t, graph.Config{Seed: 2})
		h, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: epochs, BatchSize: 8, Resume: resume,
			Callbacks: []graph.Callback{&callbacks.Checkpoint{Path: path}}})
		require.NoError(t, err)
		return m, h
	}
	whole, want := fit(7, "")
	require.NoError(t, os.Remove(path))
	_, _ = fit(4, path)
	_, four := fit(4, path)
	require.Equal(t, want.Logs[:4], four.Logs)
	m, h := fit(7, path)
	require.Equal(t, want, h)
	require.Equal(t, saved(t, whole), saved(t, m))
}
