package graph_test

import (
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

// altered returns the model of newEventful with other settings.
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

// TestResumeErrors: whatever differs from the checkpoint is an error that names it, and nothing changes.
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
		"no run":            {model, func(*eventful) {}, "got a file without the state of a run, want a checkpoint"},
		"other format":      {bad, func(*eventful) {}, "is this a safetensors file?"},
		"batch size":        {path, func(e *eventful) { e.cfg.BatchSize = 5 }, "BatchSize:4"},
		"class weight":      {path, func(e *eventful) { e.cfg.ClassWeight = []float64{1, 2} }, "ClassWeight:[]"},
		"no shuffling":      {path, func(e *eventful) { e.cfg.NoShuffle = true }, "NoShuffle:false"},
		"number of samples": {path, func(e *eventful) { e.data = graph.Arrays{X: random(1, 20, 5), Y: random(2, 20, 2)} }, "Samples:21"},
		"callbacks":         {path, func(e *eventful) { e.cfg.Callbacks = e.cfg.Callbacks[:3] }, "stateful callbacks: got [*callbacks.ReduceOnPlateau, *callbacks.EarlyStopping, *callbacks.Checkpoint] in the checkpoint, want [*callbacks.ReduceOnPlateau, *callbacks.Checkpoint]"},
		"other data": {path, func(e *eventful) {
			e.data = graph.Arrays{X: random(1, 21, 5), Y: random(2, 21, 2)}
			e.data.Y.Float64s()[41]++
		}, "got a checkpoint of a run with {Samples:21 BatchSize:4 Accumulate:0 NoShuffle:false Valid:9 ValidEvery:0 ClassWeight:[] Checksum:"},
		"no validation": {path, func(e *eventful) { e.cfg.Valid = nil }, "Valid:9"},
		"element type":  {path, func(e *eventful) { e.model = newEventful(t, tensor.Float64).model }, `network: got …g":{"Input":[5],"DType":"float32","Seed":9}}… in the checkpoint, want …g":{"Input":[5],"DType":"float64","Seed":9}}… as in the model; LoadFile`},
		"network":       {path, func(e *eventful) { e.model = altered(t, layers.ReLU{}, 9, 0.05) }, `network: got …s.BatchNorm"},{"type":"layers.Tanh"},{"type":"layers.Dropout… in the checkpoint, want …s.BatchNorm"},{"type":"layers.ReLU"}`},
		"seed":          {path, func(e *eventful) { e.model = altered(t, layers.Tanh{}, 8, 0.05) }, `"Seed":8`},
		"rate":          {path, func(e *eventful) { e.model = altered(t, layers.Tanh{}, 9, 0.01) }, `config: got …izers.Adam","LearningRate":0.05}`},
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
