package graph

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// epoch runs one epoch and its validation.
func (f *fitting) epoch(ctx context.Context) error {
	r := f.run
	r.Step, r.Samples, r.Loss, r.StepLoss = 0, 0, 0, 0
	f.tally = newTally(f.model)
	if err := f.call(EpochBegin); err != nil {
		return err
	}
	var rng *rand.Rand
	if !r.Config.NoShuffle {
		rng = rand.New(rand.NewPCG(f.model.cfg.Seed^hashString("shuffle"), uint64(f.model.store.epochs)))
	}
	if err := f.resume(true); err != nil {
		return err
	}
	if err := f.model.checkFrozen(); err != nil {
		return err
	}
	f.model.average(false)
	err := f.steps(ctx, rng)
	f.model.average(true)
	if err != nil {
		return err
	}
	logs := Logs{"learning_rate": f.rate}
	if err := f.tally.add(logs, "train_"); err != nil {
		return fmt.Errorf("epoch %d: %w", r.Epoch, err)
	}
	if r.Config.Valid != nil {
		valid, err := f.model.evaluate(ctx, r.Config.Valid, r.Config.BatchSize)
		if errors.As(err, new(nonFiniteError)) {
			err = fmt.Errorf("%w: %w", ErrDiverged, err)
		}
		if err != nil {
			return fmt.Errorf("epoch %d: validation: %w", r.Epoch, err)
		}
		for name, v := range valid {
			logs["valid_"+name] = v
		}
	}
	_ = f.model.store.change(func() error {
		f.model.store.epochs++
		return nil
	})
	r.Logs = logs
	r.History.Logs = append(r.History.Logs, logs)
	return f.call(EpochEnd)
}

// steps trains on every batch of an epoch.
func (f *fitting) steps(ctx context.Context, rng *rand.Rand) error {
	r := f.run
	skip := r.Step
	for batch, err := range f.train.Batches(r.Config.BatchSize, rng) {
		if err == nil {
			err = ended(ctx)
		}
		if err != nil {
			return err
		}
		if skip > 0 { // the step was done before the checkpoint
			skip--
			continue
		}
		if batch, err = f.classes.apply(batch); err == nil {
			err = f.step(ctx, batch, r.Rate)
		}
		if err != nil {
			return fmt.Errorf("epoch %d, step %d: %w", r.Epoch, r.Step+1, err)
		}
		r.Step++
		r.StepLoss = f.loss
		r.Samples, r.Loss, r.Total = f.tally.rows, f.tally.mean(), f.model.store.steps
		if err := f.call(StepEnd); err != nil {
			return err
		}
	}
	if err := checkCount(f.train, r.Samples); err != nil {
		return fmt.Errorf("epoch %d: training data: %w", r.Epoch, err)
	}
	r.Size, r.Steps = r.Samples, r.Step // now known if Len is negative
	return f.model.store.change(func() error {
		f.model.store.params.average(false)
		f.updater.flush(r.Rate)
		if bad := f.model.store.nonFinite(); bad != "" {
			f.restore()
			return fmt.Errorf("epoch %d, step %d: %w: parameter %s is not finite", r.Epoch, r.Step, ErrDiverged, bad)
		}
		return nil
	})
}
