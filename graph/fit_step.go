package graph

import (
	"context"
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/program"
)

// A stepper does the training steps of a model, one at a time: those of one call of Fit, or those of Step.
type stepper struct {
	model   *Model
	updater *updater
	tally   *tally  // of the losses and metrics
	loss    float64 // of the last step
	begin   int     // steps of the model at the beginning, before which it does not return if it diverges
	single  bool    // the steps are those of Step
	fed     fed
	classes *classWeight // of Fit; nil for none
}

// step trains on one batch at the given learning rate.
func (s *stepper) step(ctx context.Context, batch Batch, rate float64) error {
	m := s.model
	for {
		p, key, values, err := m.programFor(ctx, &s.fed, batch, trainMode)
		if err != nil {
			return err
		}
		current := false // false if a Freeze came in between
		err = m.store.change(func() error {
			if current = key.choice == m.store.choice.Load(); !current {
				return nil
			}
			return s.update(p, key, batch, values, rate)
		})
		m.release(key, p)
		if current {
			return err
		}
	}
}

// update runs a training program and updates the parameters.
func (s *stepper) update(p *program.Program, key programKey, batch Batch, values []*Tensor, rate float64) error {
	m := s.model
	m.store.params.average(false) // if the last step was one of Step, or of another model
	count, err := s.compute(p, key, batch, values)
	if err == nil {
		s.updater.step(p, count, rate)
		m.updateStates(p)
		m.store.steps++
	}
	if s.single {
		m.store.params.average(true)
	}
	return err
}

// compute runs a training program and takes its loss and metrics. It returns the number of samples or elements that the loss is a
// mean over.
func (s *stepper) compute(p *program.Program, key programKey, batch Batch, values []*Tensor) (count float64, err error) {
	m := s.model
	if err := p.Run(m.trainingDraw(), values...); err != nil {
		return 0, badRun(err)
	}
	s.loss = p.Loss()
	if math.IsNaN(s.loss) || math.IsInf(s.loss, 0) {
		return 0, s.diverged(batch)
	}
	if err := s.checkMasked(p, batch); err != nil {
		return 0, err
	}
	m.store.safe.keep(m)
	count, err = s.tally.batch(p, batch, key.batch)
	if count == 0 { // a mean over nothing
		s.loss = math.NaN()
	}
	if err == nil && s.single {
		err = badInput(s.tally.counted())
	}
	return count, err
}

// checkMasked returns an error if the loss or the weights of the classes do not accept a target that counts.
func (s *stepper) checkMasked(p *program.Program, batch Batch) error {
	if err := s.model.checkMasked(p, batch); err != nil {
		return err
	}
	return s.classes.check(p, batch)
}

// diverged returns the error of a loss that is not finite, and restores the last snapshot.
func (s *stepper) diverged(batch Batch) error {
	if bad := batch.nonFinite(0); s.single && bad != "" { // a server's weights do not depend on a client's numbers
		return nonFiniteError{s.loss, bad + " of the batch"}
	}
	s.restore()
	return divergedOn(batch, s.loss)
}

// divergedOn returns the error of a loss that is not finite.
func divergedOn(batch Batch, loss float64) error {
	if bad := batch.nonFinite(0); bad != "" {
		return fmt.Errorf("%w: %w", ErrDiverged, nonFiniteError{loss, bad + " of the batch"})
	}
	return fmt.Errorf("%w: the loss is %v", ErrDiverged, loss)
}

// restore returns to the last snapshot, unless nothing has changed since the beginning.
func (s *stepper) restore() {
	if s.model.store.steps > s.begin {
		s.model.store.safe.restore(s.model)
	}
}
