package graph

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"time"
)

// epoch runs one epoch and its validation.
func (f *fitting) epoch(ctx context.Context) error {
	r := f.run
	r.Step, r.Samples, r.Loss, r.StepLoss = 0, 0, 0, 0
	f.tally, f.early = newTally(f.model), early{}
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
		if err := f.validate(ctx); err != nil {
			return err
		}
		maps.Copy(logs, r.ValidLogs)
		if err := f.agreeGood("the validation"); err != nil {
			return err
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

// validate evaluates the validation set, on the averages of the weights if there are some.
func (f *fitting) validate(ctx context.Context) error {
	r := f.run
	if err := f.call(ValidBegin); err != nil {
		return err
	}
	logs, err := f.model.evaluate(ctx, r.Config.Valid, r.Config.BatchSize)
	if errors.As(err, new(nonFiniteError)) {
		err = fmt.Errorf("%w: %w", ErrDiverged, err)
	}
	if err != nil {
		return fmt.Errorf("epoch %d: validation: %w", r.Epoch, err)
	}
	r.ValidLogs = Logs{}
	for name, v := range logs {
		r.ValidLogs["valid_"+name] = v
	}
	return f.call(ValidEnd)
}

// validateWithin validates between two steps, if ValidEvery asks for it. The validation follows the end of a step and of all
// that callbacks do at it, so a run that resumes there begins with it.
func (f *fitting) validateWithin(ctx context.Context) error {
	every := f.run.Config.ValidEvery
	if every == 0 || f.run.Step == 0 || f.model.store.steps%every != 0 {
		return nil
	}
	f.model.average(true)
	err := f.validate(ctx)
	f.model.average(false)
	return err
}

// steps trains on the batches of an epoch, on every one unless training is over before.
func (f *fitting) steps(ctx context.Context, rng *rand.Rand) error {
	r := f.run
	skip := r.Step
	asked := time.Now()
	for batch, err := range f.batches(rng) {
		r.Waited += time.Since(asked)
		if err == nil {
			err = ended(ctx)
		}
		if err != nil {
			return err
		}
		if skip > 0 { // the step was done before the checkpoint
			skip--
			asked = time.Now()
			continue
		}
		if f.over() { // before the checkpoint
			break
		}
		if err := f.validateWithin(ctx); err != nil {
			return err
		}
		if err := f.call(StepBegin); err != nil {
			return err
		}
		if batch, err = f.classes.apply(batch); err == nil {
			err = f.trainOn(ctx, batch)
		}
		if err != nil {
			return fmt.Errorf("epoch %d, step %d: %w", r.Epoch, r.Step+1, err)
		}
		r.Step++
		r.StepLoss = f.loss
		r.GradientNorms, f.updater.measured = f.updater.measured, nil
		r.Samples, r.Loss, r.Total = f.tally.rows, f.tally.mean(), f.model.store.steps
		if err := f.call(StepEnd); err != nil {
			return err
		}
		if f.late, err = f.agreeLate(r.Config.MaxTime > 0 && time.Since(f.began) >= r.Config.MaxTime); err != nil {
			return err
		}
		r.GradientNorms = nil
		if f.over() {
			break
		}
		asked = time.Now()
	}
	if f.over() && !(r.Size > 0 && r.Samples >= r.Size) {
		f.early.take(f)
	} else if !f.over() {
		if err := checkCount(f.train, r.Samples); err != nil {
			return fmt.Errorf("epoch %d: training data: %w", r.Epoch, err)
		}
		r.Size, r.Steps = r.Samples, r.Step // now known if Len is negative
	}
	if err := f.agreeGood("the steps"); err != nil {
		return err
	}
	return f.model.store.change(func() error {
		f.model.store.params.average(false)
		measure := f.updater.measure
		f.updater.measure = false // nobody reads the norms of this update
		f.updater.flush(r.Rate)
		f.updater.measure = measure
		if bad := f.model.store.nonFinite(f.model.pool); bad != "" {
			f.restore()
			return fmt.Errorf("epoch %d, step %d: %w: parameter %s is not finite", r.Epoch, r.Step, ErrDiverged, bad)
		}
		return nil
	})
}

// over reports whether MaxSteps or MaxTime has been reached. Only a step looks at the clock: no epoch begins that has no time for a
// step, and an epoch whose data end is whole.
func (f *fitting) over() bool {
	most := f.run.Config.MaxSteps
	return f.late || most > 0 && f.model.store.steps-f.start >= most
}

// mostEpochs returns the number of epochs if Epochs is 0, for epochs of the given steps; 0 means that their number is not known.
func (cfg FitConfig) mostEpochs(steps int) int {
	switch {
	case cfg.MaxSteps > 0 && steps > 0:
		return (cfg.MaxSteps + steps - 1) / steps
	case cfg.MaxSteps > 0 || cfg.MaxTime > 0:
		return math.MaxInt32 // callbacks know this number as none
	}
	return 1
}
