package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/nndiy/nndiy/graph/internal/program"
)

// epoch runs one epoch and its validation.
func (f *fitting) epoch(ctx context.Context) error {
	r := f.run
	r.Step, r.Samples, r.Loss = 0, 0, 0
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
		if err := f.step(ctx, batch); err != nil {
			return fmt.Errorf("epoch %d, step %d: %w", r.Epoch, r.Step+1, err)
		}
		r.Step++
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

// step trains on one batch.
func (f *fitting) step(ctx context.Context, batch Batch) error {
	m := f.model
	batch, err := f.classes.apply(batch)
	if err != nil {
		return err
	}
	for {
		p, key, values, err := m.programOf(ctx, batch, trainMode)
		if err != nil {
			return err
		}
		current := false // false if a Freeze came in between
		err = m.store.change(func() error {
			if current = key.choice == m.store.choice.Load(); !current {
				return nil
			}
			return f.update(p, key, batch, values)
		})
		m.release(key, p)
		if current {
			return err
		}
	}
}

// update runs a training program and updates the parameters.
func (f *fitting) update(p *program.Program, key programKey, batch Batch, values []*Tensor) error {
	m := f.model
	m.store.params.average(false) // another model may have finished an epoch
	if err := p.Run(m.trainingDraw(), values...); err != nil {
		return badRun(err)
	}
	if loss := p.Loss(); math.IsNaN(loss) || math.IsInf(loss, 0) {
		f.restore()
		if bad := batch.nonFinite(0); bad != "" {
			return fmt.Errorf("%w: %w", ErrDiverged, nonFiniteError{loss, bad + " of the batch"})
		}
		return fmt.Errorf("%w: the loss is %v", ErrDiverged, loss)
	}
	if err := m.checkMasked(p, batch); err != nil {
		return err
	}
	m.store.safe.keep(m)
	count, err := f.tally.batch(p, batch, key.batch)
	if err != nil {
		return err
	}
	f.updater.step(p, count, f.run.Rate)
	m.updateStates(p)
	m.store.steps++
	return nil
}

// restore returns to the last snapshot, unless nothing has changed since Fit began.
func (f *fitting) restore() {
	if f.model.store.steps > f.begin {
		f.model.store.safe.restore(f.model)
	}
}
