package graph

import (
	"fmt"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/tensors"
)

// An updater applies an optimizer to the parameters of a model, after each step or once every few steps. A model keeps it, so
// that a step allocates nothing.
type updater struct {
	model  *Model
	choice *choice
	pieces []piece
	clip   Clipping
	scaler bool // the optimizer is a GradScaler
	work   work

	every int     // steps per update
	steps int     // steps since the last update
	rows  float64 // samples in those steps, or elements that count
	sums  Weights // sum of gradient·rows over those steps, by parameter name

	measure  bool                                            // the next update measures the gradients
	measured Logs                                            // the norms that it found; nil for none
	inspect  func(parameter string, value, gradient *Tensor) // called by the next update; nil for none
}

// A piece is the elements lo to hi-1 of a parameter.
type piece struct{ param, lo, hi int }

// updatePiece is the number of elements of a parameter that an optimizer updates in one call, unless it asks for the whole.
const updatePiece = 16 << 10

// newUpdater returns the model's updater, without gradients that wait for an update.
func newUpdater(m *Model, every int) *updater {
	u := m.store.updater
	if u == nil {
		u = &updater{model: m, clip: clipping(m.cfg.Optimizer)}
		_, u.scaler = m.cfg.Optimizer.(GradScaler)
		if m.cfg.DType == tensor.Float32 {
			u.work = newWork(u, m.cfg.Optimizer.Update32)
		} else {
			u.work = newWork(u, m.cfg.Optimizer.Update64)
		}
		m.store.updater = u
	}
	u.every, u.steps, u.rows, u.sums = max(every, 1), 0, 0, nil
	u.measure, u.measured, u.inspect = false, nil, nil
	u.choose()
	return u
}

// choose divides the trained parameters into pieces, if the choice of trained parameters has changed.
func (u *updater) choose() {
	c := u.model.store.choice.Load()
	if u.choice == c {
		return
	}
	u.choice, u.pieces = c, nil
	wholes := optimizersAs[WholeUpdater](u.model.cfg.Optimizer)
	for i, p := range c.trained {
		n, most := tensors.Size(p.shape), updatePiece
		if slices.ContainsFunc(wholes, func(w WholeUpdater) bool { return w.Whole(p.name, p.shape) }) {
			most = n
		}
		for lo := 0; lo < n; lo += most {
			u.pieces = append(u.pieces, piece{i, lo, min(lo+most, n)})
		}
	}
	u.work.choose()
}

// step takes the gradients of a program that has run, of a mean over the given number of samples or elements, and updates the
// parameters when due.
func (u *updater) step(p *program.Program, rows, rate float64) {
	u.choose()
	u.work.take(p)
	if u.every == 1 {
		u.work.update(rate, 1)
		return
	}
	u.steps++
	u.rows += rows
	u.work.accumulate(rows)
	if u.steps == u.every {
		u.flush(rate)
	}
}

// stepSum is step for gradients that the work has, of the sum over the given number of samples or elements. It may change them.
func (u *updater) stepSum(rows, rate float64) {
	if u.every == 1 {
		u.work.update(rate, 1/max(rows, 1))
		return
	}
	u.steps++
	u.rows += rows
	u.work.accumulate(1)
	if u.steps == u.every {
		u.flush(rate)
	}
}

// flush updates the parameters with the gradients taken since the last update, if there are any. It reports whether there were.
func (u *updater) flush(rate float64) bool {
	u.choose()
	if u.steps == 0 {
		return false
	}
	u.work.mean()
	u.work.update(rate, 1)
	for _, s := range u.sums {
		clear(tensors.Bytes(s))
	}
	u.steps, u.rows = 0, 0
	return true
}

// state returns what a checkpoint stores of the gradients that wait for an update.
func (u *updater) state() Saved {
	if u.steps == 0 {
		u.sums = nil
	}
	return Saved{"steps": &u.steps, "rows": &u.rows, "sums": &u.sums, "measure": &u.measure}
}

// checkNames returns an error unless there is a gradient for each trained parameter, and no other.
func (u *updater) checkNames(gradients Weights) error {
	var missing, unknown []string
	known := map[string]bool{}
	for _, p := range u.choice.trained {
		known[p.name] = true
		if gradients[p.name] == nil {
			missing = append(missing, p.name)
		}
	}
	for _, name := range gradients.Names() {
		if !known[name] {
			unknown = append(unknown, name)
		}
	}
	switch {
	case len(unknown) > 0:
		return fmt.Errorf("gradients: got %s, want only trained parameters that are not frozen", enumerate(unknown))
	case len(missing) > 0:
		return fmt.Errorf("gradients: got none of %s, want one for each trained parameter that is not frozen", enumerate(missing))
	}
	return nil
}

// check returns an error if a state read from a checkpoint does not fit the model.
func (u *updater) check() error {
	if u.steps < 0 || u.steps >= u.every || !(u.rows >= 0) {
		return fmt.Errorf("accumulated gradients: got %v samples in %d steps, want 0 or more in fewer than %d steps",
			u.rows, u.steps, u.every)
	}
	for name, t := range u.sums {
		p := u.model.store.byName[name]
		if p == nil || t == nil || !tensors.SameShape(t, p.shape) || t.Dtype() != u.model.cfg.DType {
			return fmt.Errorf("accumulated gradients: got %.100q, want only parameters of the model, with their shapes and element type", name)
		}
	}
	return nil
}
