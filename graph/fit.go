package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// FitConfig says how a model is trained.
type FitConfig struct {
	Epochs    int        // passes over the data; 0 is 1
	BatchSize int        // samples in a step; 0 is the whole set
	Valid     Dataset    // measured after each epoch if given
	Callbacks []Callback // called in this order
	NoShuffle bool       // take the samples in the set's order
}

// Fit trains the model. It stops early within one step of ctx's end, or when a callback returns Stop; the model is then as
// after the last whole step. A loss or a weight that is not finite ends it with ErrDiverged, the weights as they were when
// the loss was last known to be finite, at most 32 steps before. The history has the epochs that ended, with an error too.
func (m *Model) Fit(ctx context.Context, train Dataset, cfg FitConfig) (History, error) {
	f, err := m.newFit(train, cfg)
	if err != nil {
		return History{}, fmt.Errorf("graph: Fit: %w", err)
	}
	err = f.call(TrainBegin)
	for e := 1; e <= f.run.Config.Epochs && err == nil; e++ {
		f.run.Epoch = e
		if err = f.epoch(ctx); err == nil {
			m.epochs++
		}
	}
	if !errors.Is(err, Stop) {
		f.run.Err = err
	}
	if endErr := f.call(TrainEnd); f.run.Err == nil && !errors.Is(endErr, Stop) {
		f.run.Err = endErr
	}
	if f.run.Err != nil {
		return f.run.History, fmt.Errorf("graph: Fit: %w", f.run.Err)
	}
	return f.run.History, nil
}

// A fitting is one call of Fit.
type fitting struct {
	model   *Model
	train   Dataset
	run     *Run
	updater *updater
	safe    snapshot
	scores  *scores
}

func (m *Model) newFit(train Dataset, cfg FitConfig) (*fitting, error) {
	switch {
	case m.cfg.Loss == nil || m.cfg.Optimizer == nil:
		return nil, errors.New("the model was compiled without a Loss or without an Optimizer")
	case train == nil || train.Len() == 0:
		return nil, errors.New("got no training data")
	case cfg.Epochs < 0 || cfg.BatchSize < 0:
		return nil, fmt.Errorf("got %d epochs and batches of %d, want 0 or more", cfg.Epochs, cfg.BatchSize)
	case cfg.Valid != nil && cfg.Valid.Len() == 0:
		return nil, errors.New("the validation set is empty")
	}
	if cfg.Epochs == 0 {
		cfg.Epochs = 1
	}
	if cfg.BatchSize == 0 || cfg.BatchSize > train.Len() {
		cfg.BatchSize = train.Len()
	}
	run := &Run{
		Model: m, Config: cfg, Rate: m.cfg.Optimizer.Rate(), Total: m.store.steps, Size: train.Len(),
		Steps: (train.Len() + cfg.BatchSize - 1) / cfg.BatchSize, Logs: Logs{},
	}
	return &fitting{model: m, train: train, run: run, updater: newUpdater(m), scores: newScores(m.cfg.Metrics)}, nil
}

// call sends an event to every callback, and returns the first error, Stop counting as the least.
func (f *fitting) call(e Event) error {
	var result error
	for i, c := range f.run.Config.Callbacks {
		err := c.Handle(f.run, e)
		if err != nil && !errors.Is(err, Stop) {
			err = fmt.Errorf("callback %d (%T) at %v: %w", i, c, e, err)
		}
		if err != nil && (result == nil || errors.Is(result, Stop)) {
			result = err
		}
	}
	if r := f.run.Rate; result == nil && (r < 0 || math.IsNaN(r) || math.IsInf(r, 0)) {
		return fmt.Errorf("a callback set the learning rate to %v at %v", r, e)
	}
	return result
}

// epoch runs one epoch and its validation.
func (f *fitting) epoch(ctx context.Context) error {
	r := f.run
	r.Step, r.Samples, r.Loss = 0, 0, 0
	if err := f.call(EpochBegin); err != nil {
		return err
	}
	var rng *rand.Rand
	if !r.Config.NoShuffle {
		rng = rand.New(rand.NewPCG(f.model.cfg.Seed^hashString("shuffle"), uint64(f.model.epochs)))
	}
	f.scores.reset()
	rate, sum := r.Rate, 0.0
	for batch, err := range f.train.Batches(r.Config.BatchSize, rng) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		loss, rows, err := f.step(batch)
		if err != nil {
			return fmt.Errorf("epoch %d, step %d: %w", r.Epoch, r.Step+1, err)
		}
		sum += loss * float64(rows)
		r.Step++
		r.Samples += rows
		r.Total = f.model.store.steps
		r.Loss = sum / float64(r.Samples)
		if err := f.call(StepEnd); err != nil {
			return err
		}
	}
	if r.Samples == 0 {
		return errors.New("the training data yielded no batch")
	}
	if bad := f.model.store.nonFinite(); bad != "" {
		f.safe.restore(f.model)
		return fmt.Errorf("%w: epoch %d, step %d: parameter %s is not finite", ErrDiverged, r.Epoch, r.Step, bad)
	}
	logs := Logs{"train_loss": r.Loss, "learning_rate": rate}
	f.scores.add(logs, "train_")
	if r.Config.Valid != nil {
		valid, err := f.model.evaluate(ctx, r.Config.Valid, r.Config.BatchSize)
		if err != nil {
			return fmt.Errorf("epoch %d: validation: %w", r.Epoch, err)
		}
		for name, v := range valid {
			logs["valid_"+name] = v
		}
	}
	r.Logs = logs
	r.History.Logs = append(r.History.Logs, logs)
	return f.call(EpochEnd)
}

// step trains on one batch, and returns the loss before that.
func (f *fitting) step(batch Batch) (loss float64, rows int, err error) {
	m := f.model
	p, key, err := m.step(batch.X, batch.Y, trainMode)
	if err != nil {
		return 0, 0, err
	}
	defer m.release(key, p)
	m.params.Lock()
	defer m.params.Unlock()
	if err := p.run(m.store.steps, batch.X, batch.Y); err != nil {
		return 0, 0, err
	}
	loss = p.scalar(0)
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		f.safe.restore(m)
		return 0, 0, fmt.Errorf("%w: the loss is %v", ErrDiverged, loss)
	}
	f.safe.keep(m)
	if len(m.cfg.Metrics) > 0 {
		f.scores.batch(p.output(1), batch.Y)
	}
	f.updater.update(p, f.run.Rate)
	m.updateStates(p)
	m.store.steps++
	return loss, key.batch, nil
}

// Evaluate returns the loss and the metrics over a dataset, under the names "loss" and the metrics'.
func (m *Model) Evaluate(ctx context.Context, d Dataset) (Logs, error) {
	if d == nil || d.Len() == 0 {
		return nil, errors.New("graph: Evaluate: got no data")
	}
	logs, err := m.evaluate(ctx, d, 256)
	if err != nil {
		return nil, fmt.Errorf("graph: Evaluate: %w", err)
	}
	return logs, nil
}

func (m *Model) evaluate(ctx context.Context, d Dataset, size int) (Logs, error) {
	s := newScores(m.cfg.Metrics)
	sum, samples := 0.0, 0
	for batch, err := range d.Batches(max(min(size, predictRows), 64), nil) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		p, key, err := m.step(batch.X, batch.Y, evaluateMode)
		if err != nil {
			return nil, err
		}
		m.params.RLock()
		err = p.run(0, batch.X, batch.Y)
		m.params.RUnlock()
		if err == nil {
			sum += p.scalar(0) * float64(key.batch)
			samples += key.batch
			s.batch(p.output(1), batch.Y)
		}
		m.release(key, p)
		if err != nil {
			return nil, err
		}
	}
	if samples == 0 {
		return nil, errors.New("the data yielded no batch")
	}
	logs := Logs{"loss": sum / float64(samples)}
	s.add(logs, "")
	return logs, nil
}
