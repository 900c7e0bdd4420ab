package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/nndiy/nndiy/callbacks"
	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/metrics"
	"github.com/nndiy/nndiy/optimizers"
)

// A trained is a model and how it was trained.
type trained struct {
	model   *graph.Model
	columns layers.Columns
	history graph.History
	best    int

	training lab.Training // of the first training
}

// network returns the layers behind the columns: a residual network, or for comparison none.
func (s settings) network(columns layers.Columns, linear bool) layers.Sequential {
	if linear {
		return layers.Sequential{columns, columns.Head()}
	}
	block := layers.Residual{Layer: layers.Sequential{layers.LayerNorm{}, layers.Dense{Units: s.Units}, layers.SiLU{},
		layers.Dropout{Rate: s.Dropout}, layers.Dense{Units: s.Units}}}
	deep := layers.Sequential{layers.Dense{Units: s.Units}, block, block, layers.LayerNorm{}, layers.Dropout{Rate: s.Dropout}}
	return layers.Sequential{columns, layers.Concat{Layers: []graph.Layer{layers.Identity{}, deep}}, columns.Head()}
}

// fit trains a model on a table. Parts of its rows find the number of epochs: with a seventh of the rows left out, training stops
// early; in a small table it does so five times, each with another seventh, and the median counts. Then all rows train the model anew
// for so many. The history is that of the first training. If ctx ends, the model is that of the first training as well.
func (s settings) fit(ctx context.Context, table *datasets.Table, seed uint64, linear bool) (*trained, error) {
	folds, err := splitter(table, seed).Folds(table.Len(), min(7, table.Len()))
	if err != nil {
		return nil, err
	}
	if folds = folds[:min(5, len(folds))]; table.Len() >= small {
		folds = folds[:1]
	}
	var first *trained
	var epochs []int
	for i, f := range folds {
		t, err := s.stopped(ctx, table, f, seed+uint64(i), linear)
		if err != nil {
			return nil, err
		}
		if epochs = append(epochs, t.best); i == 0 {
			first = t
		}
		if t.training.Interrupted {
			first.training.Interrupted = true
			return first, nil
		}
	}
	slices.Sort(epochs)
	t, err := s.train(ctx, table, nil, max(epochs[len(epochs)/2], 1), seed, linear)
	if interrupted(ctx, err) {
		first.training.Interrupted = true
		return first, nil
	}
	if err != nil {
		return nil, err
	}
	t.history, t.best, t.training = first.history, first.best, first.training
	return t, nil
}

// interrupted reports whether err is that of a context that has ended, by Ctrl-C.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

// stopped trains a model on a fold, until its score on the other rows has not become better for a while. The weights are those of the
// best epoch.
func (s settings) stopped(ctx context.Context, table *datasets.Table, f datasets.Fold, seed uint64, linear bool) (*trained, error) {
	train, err := table.Take(f.Train)
	if err != nil {
		return nil, err
	}
	valid, err := table.Take(f.Valid)
	if err != nil {
		return nil, err
	}
	stop, watch := &callbacks.EarlyStopping{Patience: s.Patience, RestoreBest: true}, &lab.Stopwatch{}
	t, err := s.train(ctx, train, valid, s.Epochs, seed, linear, stop, watch)
	training, err := (&lab.Lab{Context: ctx, Stdout: io.Discard}).Finish(watch, stop.BestEpoch, err)
	if err != nil {
		return nil, err
	}
	t.best, t.training = stop.BestEpoch, training
	return t, nil
}

// encoded are tables as tensors.
type encoded struct {
	columns     layers.Columns
	data, valid graph.Arrays // valid may be empty
}

// encode encodes a table and, unless it is nil, another one with the columns of the first.
func encode(table, valid *datasets.Table) (e encoded, err error) {
	if e.columns, err = (layers.Columns{Classes: table.Classes()}).Adapt(table); err != nil { // a part may lack a rare class
		return e, err
	}
	if e.data, err = e.columns.Arrays(table); err == nil && valid != nil {
		e.valid, err = e.columns.Arrays(valid)
	}
	return e, err
}

// train trains a model; valid may be nil.
func (s settings) train(ctx context.Context, table, valid *datasets.Table, epochs int, seed uint64, linear bool, more ...graph.Callback) (*trained, error) {
	e, err := encode(table, valid)
	if err != nil {
		return nil, err
	}
	return s.trainOn(ctx, e, epochs, seed, linear, more...)
}

func (s settings) trainOn(ctx context.Context, e encoded, epochs int, seed uint64, linear bool, more ...graph.Callback) (*trained, error) {
	rate, decay := s.rates(e.data.Len())
	rule := optimizers.AdamW{LearningRate: rate, WeightDecay: decay, NoVectorDecay: true}
	cfg := graph.Config{Loss: losses.MeanSquaredError{}, Metrics: []graph.Metric{metrics.R2{}}, Seed: seed,
		Optimizer: optimizers.EMA{Optimizer: rule, Decay: 0.98}}
	if e.columns.Classes != nil {
		cfg.Loss, cfg.Metrics = losses.SparseCategoricalCrossEntropy{Smoothing: s.Smoothing}, []graph.Metric{metrics.Accuracy{}}
	}
	model, err := graph.Compile(s.network(e.columns, linear), cfg)
	if err != nil {
		return nil, err
	}
	fit := graph.FitConfig{Epochs: epochs, BatchSize: s.Batch, Callbacks: more}
	if e.valid.Len() > 0 {
		fit.Valid = e.valid
	}
	history, err := model.Fit(ctx, e.data, fit)
	return &trained{model: model, columns: e.columns, history: history}, err
}

// score returns the accuracy or R² on a table. R² is 0 if all targets are equal, when it is not defined.
func (t *trained) score(ctx context.Context, table graph.Rows) (float64, error) {
	data, err := t.columns.Arrays(table)
	if err != nil {
		return 0, err
	}
	return t.scoreOn(ctx, data)
}

func (t *trained) scoreOn(ctx context.Context, data graph.Arrays) (float64, error) {
	logs, err := t.model.Evaluate(ctx, data)
	if v, ok := logs["accuracy"]; ok {
		return v, err
	}
	if math.IsNaN(logs["r2"]) {
		return 0, err
	}
	return logs["r2"], err
}

// folds returns the mean score of k folds.
func (s settings) folds(ctx context.Context, table *datasets.Table, k int, seed uint64, linear bool) (float64, error) {
	folds, err := splitter(table, seed).Folds(table.Len(), k)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for i, f := range folds {
		train, err := table.Take(f.Train)
		if err != nil {
			return 0, err
		}
		test, err := table.Take(f.Valid)
		if err != nil {
			return 0, err
		}
		t, err := s.fit(ctx, train, seed*100+uint64(i), linear)
		if err != nil {
			return 0, err
		}
		v, err := t.score(ctx, test) // an error after Ctrl-C
		if err != nil {
			return 0, err
		}
		sum += v
	}
	return sum / float64(k), nil
}

// small is the number of rows below which a table gets a larger learning rate and more weight decay by default, and below which fit
// stops early five times.
const small = 1000

// rates returns the learning rate and the weight decay for a table.
func (s settings) rates(rows int) (rate, decay float64) {
	rate, decay = 2e-3, 0.3
	if rows < small {
		rate, decay = 3e-3, 1
	}
	return cmp.Or(s.LR, rate), cmp.Or(s.Decay, decay)
}
