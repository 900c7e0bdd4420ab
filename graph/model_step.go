package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Step trains on one batch, with the bits of a step of Fit: the same noise, clipping, averages of the weights, metrics and count
// of steps. The learning rate is the optimizer's, or the one that SetRate has set. A loop over Step is Fit without epochs,
// shuffling, validation and callbacks:
//
//	for batch, err := range data.Batches(64, rng) {
//		...
//		logs, err := model.Step(ctx, batch)
//	}
//
// Logs has the batch's "loss", the losses of several outputs and the metrics under the names that Evaluate uses, and
// "learning_rate". The losses and metrics are from before the update. The Logs are the caller's; StepInto fills given ones, which
// saves the only allocation of a step besides those of the machine that runs the program.
//
// Step may be called from several goroutines, and beside Predict, as in a server that learns from its requests: steps wait for one
// another and for a prediction that is under way, and a prediction has the weights from before a step or from after it. A
// context that ends while Step waits is an error, and nothing has changed. While Fit runs, Step returns an error.
//
// An error of the batch is an ErrInput and changes nothing, also a number that is not finite. If the loss becomes NaN or infinite
// for another reason, Step returns an error that wraps ErrDiverged, and restores the weights of at most 32 steps before, of
// Step or Apply. Step does not look for such numbers in the weights: they show in the next loss.
func (m *Model) Step(ctx context.Context, b Batch) (Logs, error) {
	if err := m.made(); err != nil {
		return nil, public("Step", err)
	}
	logs := Logs{}
	if err := m.step(ctx, logs, b); err != nil {
		return nil, public("Step", err)
	}
	return logs, nil
}

// StepInto is Step that replaces the contents of logs. On error it leaves them.
func (m *Model) StepInto(ctx context.Context, logs Logs, b Batch) error {
	if err := m.made(); err != nil {
		return public("StepInto", err)
	}
	if logs == nil {
		return errors.New("graph: StepInto: got nil Logs, want a map")
	}
	if err := m.step(ctx, logs, b); err != nil {
		return public("StepInto", err)
	}
	return nil
}

// SetRate sets the learning rate of later calls of Step and Apply. Fit has its own, see Run.Rate. Files do not store it.
func (m *Model) SetRate(rate float64) error {
	if err := m.made(); err != nil {
		return public("SetRate", err)
	}
	if !(rate >= 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("graph: SetRate: got %v, want a finite number of 0 or more", rate)
	}
	m.store.rate.Store(&rate)
	return nil
}

// Apply lets the optimizer change the parameters with the given gradients, as one training step: of a loss of the user's own, or
// sums of several that Gradients returned. It needs a gradient for each parameter that is trained and not frozen, under its full
// name and in its shape, and no other; they are clipped as the optimizer says, and not changed. States such as running
// statistics stay. What Step does beside other methods, Apply does too. On error nothing changes.
func (m *Model) Apply(gradients Weights) error {
	if err := m.made(); err != nil {
		return public("Apply", err)
	}
	if err := m.takeTurn(context.Background()); err != nil {
		return public("Apply", err)
	}
	defer m.endTurn()
	return public("Apply", m.store.change(func() error {
		u := newUpdater(m, 1)
		if err := u.checkNames(gradients); err != nil {
			return err
		}
		ps := m.store.params
		ps.average(false)
		defer ps.average(true)
		if err := u.work.copy(gradients); err != nil {
			return err
		}
		m.store.safe.renew(m)
		u.work.update(m.rate(), 1)
		m.store.steps++
		return nil
	}))
}

// step is Step with the logs to fill.
func (m *Model) step(ctx context.Context, logs Logs, b Batch) error {
	if err := ended(ctx); err != nil {
		return err
	}
	if err := m.takeTurn(ctx); err != nil {
		return err
	}
	defer m.endTurn()
	s := m.store.stepper
	if s == nil || s.model.programs != m.programs {
		s = &stepper{model: m, single: true, begin: -1, tally: newTally(m)}
		m.store.stepper = s
	}
	s.updater = newUpdater(m, 1)
	s.tally.reset()
	rate := m.rate()
	if err := s.step(ctx, b, rate); err != nil {
		return err
	}
	clear(logs)
	if err := s.tally.add(logs, ""); err != nil {
		return err
	}
	logs["loss"], logs["learning_rate"] = s.loss, rate
	return nil
}

// takeTurn waits until no other Step or Apply runs, and checks that the model can be trained.
func (m *Model) takeTurn(ctx context.Context) error {
	if err := m.checkTrainable(); err != nil {
		return err
	}
	select {
	case m.store.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := m.checkFrozen()
	if m.store.fitting.Load() {
		err = errors.New("the model is being trained by Fit")
	}
	if err != nil {
		m.endTurn()
	}
	return err
}

// endTurn lets the next Step or Apply run.
func (m *Model) endTurn() { <-m.store.turn }

// rate returns the learning rate of Step.
func (m *Model) rate() float64 {
	if rate := m.store.rate.Load(); rate != nil {
		return *rate
	}
	return m.cfg.Optimizer.Rate()
}

// checkTrainable returns an error unless the model has what training needs.
func (m *Model) checkTrainable() error {
	switch {
	case m.untrainable != nil:
		return m.untrainable
	case !m.trainable():
		return errNoLoss
	case m.cfg.Optimizer == nil:
		return errors.New("got a model compiled without an Optimizer, want Config.Optimizer set")
	}
	return nil
}
