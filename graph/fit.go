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

	// Accumulate is the number of batches whose gradients make one update, as their mean over the samples: batches that
	// memory would not hold at once. The last update of an epoch has those that are left. 0 is 1.
	Accumulate int

	// ClassWeight has a factor for each class: that of the losses of samples whose target Y is the class, in training alone.
	// A target is a class number or has a share for each class. The loss is then the mean of the weighted losses of the
	// samples, and has to be a SampleLoss. Empty is 1 for each.
	ClassWeight []float64
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
	tally   *tally
	classes *classWeight
}

func (m *Model) newFit(train Dataset, cfg FitConfig) (*fitting, error) {
	switch {
	case m.gap != nil:
		return nil, m.gap
	case !m.trainable() || m.cfg.Optimizer == nil:
		return nil, errors.New("the model was compiled without a Loss or without an Optimizer")
	case train == nil || train.Len() == 0:
		return nil, errors.New("got no training data")
	case cfg.Epochs < 0 || cfg.BatchSize < 0 || cfg.Accumulate < 0:
		return nil, fmt.Errorf("got %d epochs, batches of %d, Accumulate %d, want 0 or more", cfg.Epochs, cfg.BatchSize, cfg.Accumulate)
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
	classes, err := newClassWeight(cfg.ClassWeight, m.cfg.DType)
	return &fitting{model: m, train: train, run: run, updater: newUpdater(m, cfg.Accumulate), classes: classes}, err
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
	rate := r.Rate
	f.model.average(false)
	err := f.steps(ctx, rng)
	f.model.average(true)
	if err != nil {
		return err
	}
	logs := Logs{"learning_rate": rate}
	f.tally.add(logs, "train_")
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

// steps trains on every batch of an epoch.
func (f *fitting) steps(ctx context.Context, rng *rand.Rand) error {
	r := f.run
	f.tally = newTally(f.model)
	for batch, err := range f.train.Batches(r.Config.BatchSize, rng) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := f.step(batch); err != nil {
			return fmt.Errorf("epoch %d, step %d: %w", r.Epoch, r.Step+1, err)
		}
		r.Step++
		r.Samples, r.Loss, r.Total = f.tally.rows, f.tally.mean(), f.model.store.steps
		if err := f.call(StepEnd); err != nil {
			return err
		}
	}
	if r.Samples == 0 {
		return errors.New("the training data yielded no batch")
	}
	f.flush()
	if bad := f.model.store.nonFinite(); bad != "" {
		f.safe.restore(f.model)
		return fmt.Errorf("%w: epoch %d, step %d: parameter %s is not finite", ErrDiverged, r.Epoch, r.Step, bad)
	}
	return nil
}

// step trains on one batch.
func (f *fitting) step(batch Batch) error {
	m := f.model
	batch, err := f.classes.apply(batch)
	if err != nil {
		return err
	}
	p, key, values, err := m.step(batch, trainMode)
	if err != nil {
		return err
	}
	defer m.release(key, p)
	m.params.Lock()
	defer m.params.Unlock()
	if err := p.run(m.store.steps, values...); err != nil {
		return err
	}
	if loss := p.scalar(0); math.IsNaN(loss) || math.IsInf(loss, 0) {
		f.safe.restore(m)
		return fmt.Errorf("%w: the loss is %v", ErrDiverged, loss)
	}
	f.safe.keep(m)
	f.tally.batch(p, batch, key.batch)
	f.updater.step(p, key.batch, f.run.Rate)
	m.updateStates(p)
	m.store.steps++
	return nil
}

// flush makes the update that is due at the end of an epoch.
func (f *fitting) flush() {
	f.model.params.Lock()
	defer f.model.params.Unlock()
	f.updater.flush(f.run.Rate)
}
