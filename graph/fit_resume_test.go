package graph_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/checkpoint"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// eventful is a training in which everything happens that a checkpoint has to keep: dropout, running statistics, metrics of
// both kinds, schedules, a plateau, an early end with the best weights, and a log; with float64 also averaged weights and
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
	if dt == tensor.Float64 { // what is rarer, in one of the two
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

// altered is the model of newEventful with other settings.
func altered(t testing.TB, activation graph.Layer, seed uint64, rate float64) *graph.Model {
	t.Helper()
	net := layers.Sequential{layers.Dense{Units: 8}, layers.BatchNorm{}, activation, layers.Dropout{Rate: 0.2}, layers.Dense{Units: 2}}
	m, err := graph.Compile(net, graph.Config{
		Input: []int{5}, DType: tensor.Float32, Seed: seed, Optimizer: optimizers.Adam{LearningRate: rate}, Loss: pseudoSquare{},
		Metrics: []graph.Metric{metrics.R2{}, metrics.MeanAbsoluteError{}},
	})
	require.NoError(t, err)
	return m
}

// pseudoSquare is a loss that is registered.
type pseudoSquare struct{}

func (pseudoSquare) Loss(pred, target graph.Node) graph.Node { return pred.Sub(target).Square().Mean() }

func init() { graph.Register("", pseudoSquare{}) }

// fit trains with a further callback.
func (e *eventful) fit(t testing.TB, ctx context.Context, resume string, more ...graph.Callback) (graph.History, error) {
	t.Helper()
	e.cfg.Resume = resume
	e.cfg.Callbacks = append(e.cfg.Callbacks, more...)
	return e.model.Fit(ctx, e.data, e.cfg)
}

// TestResume: from whichever step a training goes on, it ends with the same bits as one without a break: weights, optimizer,
// history, learning rates, log and the best epoch.
func TestResume(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		plain := newEventful(t, dt)
		want, err := plain.fit(t, context.Background(), "")
		require.NoError(t, err)
		require.Less(t, len(want.Logs), 8, "the early end has come")
		require.Less(t, plain.stopping.BestEpoch, len(want.Logs))

		dir := filepath.Join(t.TempDir(), "steps")
		checkpoint := func() graph.Callback { return &callbacks.Checkpoint{Dir: dir, EverySteps: 1, Every: 1} }
		first := newEventful(t, dt)
		// The checkpoint is first of all, and still has the states after the event.
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
			again.cfg.ClassWeight = []float64{} // is none
			if i%2 == 1 {                       // a model of which the program knows nothing
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
	}
}

// TestResumeCancelled: a training that is cancelled again and again comes to the same end, in a folder that keeps two files.
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

// TestResumeMore: a training that has come to its end goes on if it is given more epochs, and otherwise returns what it was.
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

// TestResumeErrors: what does not fit the checkpoint is told, and nothing is changed.
func TestResumeErrors(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model.nndiy")
	first := newEventful(t, tensor.Float32)
	_, err := first.fit(t, context.Background(), "", &callbacks.Checkpoint{Path: path, Every: 2})
	require.NoError(t, err)
	model := filepath.Join(dir, "model")
	require.NoError(t, first.model.SaveFile(model))
	bad := filepath.Join(dir, "bad")
	require.NoError(t, os.WriteFile(bad, []byte("something else"), 0o666))
	for name, r := range map[string]struct {
		resume string
		change func(e *eventful)
		want   string
	}{
		"no training":  {model, func(*eventful) {}, "the file has no training to go on with"},
		"no file":      {bad, func(*eventful) {}, "is this a safetensors file?"},
		"batch size":   {path, func(e *eventful) { e.cfg.BatchSize = 5 }, "BatchSize:4"},
		"class weight": {path, func(e *eventful) { e.cfg.ClassWeight = []float64{1, 2} }, "ClassWeight:[]"},
		"no shuffling": {path, func(e *eventful) { e.cfg.NoShuffle = true }, "NoShuffle:false"},
		"data":         {path, func(e *eventful) { e.data = graph.Arrays{X: random(1, 20, 5), Y: random(2, 20, 2)} }, "Samples:21"},
		"callbacks":    {path, func(e *eventful) { e.cfg.Callbacks = e.cfg.Callbacks[:3] }, "with the stateful callbacks [*callbacks.ReduceOnPlateau, *callbacks.EarlyStopping, *callbacks.Checkpoint], want [*callbacks.ReduceOnPlateau, *callbacks.Checkpoint]"},
		"other data": {path, func(e *eventful) {
			e.data = graph.Arrays{X: random(1, 21, 5), Y: random(2, 21, 2)}
			e.data.Y.Float64s()[41]++
		}, "with {Samples:21 BatchSize:4 Accumulate:0 NoShuffle:false Valid:9 ClassWeight:[] Checksum:"},
		"no validation": {path, func(e *eventful) { e.cfg.Valid = nil }, "Valid:9"},
		"element type":  {path, func(e *eventful) { e.model = newEventful(t, tensor.Float64).model }, `another network: it has …g":{"Input":[5],"DType":"float32","Seed":9}}…, want …g":{"Input":[5],"DType":"float64","Seed":9}}…; LoadFile`},
		"network":       {path, func(e *eventful) { e.model = altered(t, layers.ReLU{}, 9, 0.05) }, `another network: it has …s.BatchNorm"},{"type":"layers.Tanh"},{"type":"layers.Dropout…, want …s.BatchNorm"},{"type":"layers.ReLU"}`},
		"seed":          {path, func(e *eventful) { e.model = altered(t, layers.Tanh{}, 8, 0.05) }, `"Seed":8`},
		"rate":          {path, func(e *eventful) { e.model = altered(t, layers.Tanh{}, 9, 0.01) }, `another config: it has …izers.Adam","LearningRate":0.05}`},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEventful(t, tensor.Float32)
			r.change(e)
			before := saved(t, e.model)
			_, err := e.fit(t, context.Background(), r.resume, &callbacks.Checkpoint{Path: filepath.Join(dir, "other")})
			require.ErrorContains(t, err, "graph: Fit: Resume: "+r.resume)
			require.ErrorContains(t, err, r.want)
			require.Equal(t, before, saved(t, e.model))
		})
	}
}

// tallying is a callback of a user's own with a state of every kind.
type tallying struct {
	Count int
	Sums  map[string]float64
	Last  graph.Weights
	Names []string
	steps []int
}

func (c *tallying) State() graph.Saved {
	return graph.Saved{"count": &c.Count, "more": graph.Saved{"sums": &c.Sums, "last": &c.Last}, "names": &c.Names}
}

func (c *tallying) Handle(r *graph.Run, e graph.Event) error {
	switch e {
	case graph.TrainBegin:
		c.Count, c.Sums, c.Last, c.Names = 0, map[string]float64{"inf": math.Inf(1)}, nil, nil
	case graph.StepEnd:
		c.Count++
		c.Sums["loss"] += r.Loss
		c.Last = r.Model.Weights()
		c.steps = append(c.steps, r.Total)
	case graph.EpochBegin:
		c.Names = append(c.Names, "begin")
		r.Rate /= 2
	}
	return nil
}

// TestStateful: a callback has its state back, and no event counts twice.
func TestStateful(t *testing.T) {
	dir := t.TempDir()
	fit := func(resume string) *tallying {
		m, data := regression(t, graph.Config{Seed: 2})
		c := new(tallying)
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 3, BatchSize: 16, Resume: resume, Callbacks: []graph.Callback{c,
			graph.CallbackFunc(func(r *graph.Run, e graph.Event) error {
				r.After(func() error {
					if e == graph.TrainEnd || resume != "" && resume != filepath.Join(dir, "none") {
						require.Equal(t, e == graph.TrainEnd, r.SaveFile(filepath.Join(dir, "late")) != nil)
						return nil
					}
					return r.SaveFile(filepath.Join(dir, checkpoint.Name(100*r.Epoch+10*r.Step+int(e))))
				})
				if err := r.SaveFile("x"); err == nil {
					return errors.New("SaveFile works outside After")
				}
				return nil
			})}})
		require.NoError(t, err)
		return c
	}
	want := fit(filepath.Join(dir, "none"))
	for _, name := range files(t, dir) {
		got := fit(filepath.Join(dir, name))
		require.Equal(t, want.steps[len(want.steps)-len(got.steps):], append([]int{}, got.steps...), name)
		require.Equal(t, bits(want.Last), bits(got.Last), name)
		got.Last, got.steps = want.Last, want.steps
		require.Equal(t, want, got, name)
	}
}
