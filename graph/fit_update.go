package graph

import (
	"fmt"
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// An updater applies an optimizer to the parameters of a model, after each step or once every few steps.
type updater struct {
	model   *Model
	choice  *choice
	pieces  []piece
	clip    Clipping
	scaler  bool      // the optimizer is a GradScaler
	scales  []float64 // factor of each parameter's gradient, from clipping by norm
	squares []float64 // sums of the squared gradients, one for each piece

	every int     // steps per update
	steps int     // steps since the last update
	rows  float64 // samples in those steps, or elements that count
	sums  Weights // sum of gradient·rows over those steps, by parameter name
}

// A piece is the elements lo to hi-1 of a parameter.
type piece struct{ param, lo, hi int }

func newUpdater(m *Model, every int) *updater {
	u := &updater{model: m, every: max(every, 1)}
	u.clip = clipping(m.cfg.Optimizer)
	_, u.scaler = m.cfg.Optimizer.(GradScaler)
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
	for i, p := range c.trained {
		n := tensors.Size(p.shape)
		for lo := 0; lo < n; lo += updatePiece {
			u.pieces = append(u.pieces, piece{i, lo, min(lo+updatePiece, n)})
		}
	}
	u.scales, u.squares = make([]float64, len(c.trained)), make([]float64, len(u.pieces))
}

// step takes the gradients of a program that has run, of a mean over the given number of samples or elements, and updates the
// parameters when due.
func (u *updater) step(p *program.Program, rows, rate float64) {
	u.choose()
	if u.model.cfg.DType == tensor.Float32 {
		stepOf(u, p, rows, rate, u.model.cfg.Optimizer.Update32)
	} else {
		stepOf(u, p, rows, rate, u.model.cfg.Optimizer.Update64)
	}
}

// flush updates the parameters with the gradients taken since the last update, if there are any.
func (u *updater) flush(rate float64) {
	u.choose()
	switch {
	case u.steps == 0:
	case u.model.cfg.DType == tensor.Float32:
		flushOf(u, rate, u.model.cfg.Optimizer.Update32)
	default:
		flushOf(u, rate, u.model.cfg.Optimizer.Update64)
	}
}

func stepOf[T Float](u *updater, p *program.Program, rows, rate float64, rule func(Update[T])) {
	grads := make([][]T, len(u.choice.trained))
	for i := range grads {
		grads[i] = tensors.Data[T](p.Gradient(i))
	}
	if u.every == 1 {
		updateAll(u, grads, rate, rule)
		return
	}
	u.steps++
	u.rows += rows
	sums := sumsOf[T](u)
	u.model.pool.For(len(u.pieces), 1, func(lo, hi int) {
		for _, c := range u.pieces[lo:hi] {
			kernels.Axpy(sums[c.param][c.lo:c.hi], T(rows), grads[c.param][c.lo:c.hi])
		}
	})
	if u.steps == u.every {
		flushOf(u, rate, rule)
	}
}

func flushOf[T Float](u *updater, rate float64, rule func(Update[T])) {
	sums := sumsOf[T](u)
	for _, s := range sums {
		kernels.Scale(s, s, 1/T(max(u.rows, 1)))
	}
	updateAll(u, sums, rate, rule)
	for _, s := range u.sums {
		clear(tensors.Data[T](s))
	}
	u.steps, u.rows = 0, 0
}

// sumsOf returns the elements of the sums, which are zero at first.
func sumsOf[T Float](u *updater) [][]T {
	if u.sums == nil {
		u.sums = Weights{}
	}
	sums := make([][]T, len(u.choice.trained))
	for i, p := range u.choice.trained {
		if u.sums[p.name] == nil {
			u.sums[p.name] = tensors.New(u.model.cfg.DType, p.shape)
		}
		sums[i] = tensors.Data[T](u.sums[p.name])
	}
	return sums
}

// state returns what a checkpoint stores of the gradients that wait for an update.
func (u *updater) state() Saved {
	if u.steps == 0 {
		u.sums = nil
	}
	return Saved{"steps": &u.steps, "rows": &u.rows, "sums": &u.sums}
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

// updatePiece is the number of elements of a parameter that an optimizer updates in one call.
const updatePiece = 16 << 10

// updateAll clips the gradients and updates the parameters with them.
func updateAll[T Float](u *updater, grads [][]T, rate float64, rule func(Update[T])) {
	for i := range u.choice.trained {
		u.scales[i] = 1
	}
	pool := u.model.pool
	if v := T(u.clip.Value); v > 0 {
		pool.For(len(u.pieces), 1, func(lo, hi int) {
			for _, c := range u.pieces[lo:hi] {
				kernels.Clip(grads[c.param][c.lo:c.hi], grads[c.param][c.lo:c.hi], -v, v)
			}
		})
	}
	if u.clip.Norm > 0 || u.clip.GlobalNorm > 0 {
		pool.For(len(u.pieces), 1, func(lo, hi int) {
			for i, c := range u.pieces[lo:hi] {
				u.squares[lo+i] = kernels.DotFloat64(grads[c.param][c.lo:c.hi], grads[c.param][c.lo:c.hi])
			}
		})
		u.clipNorms()
	}
	for _, p := range u.choice.trained {
		p.updateCount++
	}
	pool.For(len(u.pieces), 1, func(lo, hi int) {
		for _, c := range u.pieces[lo:hi] {
			param := u.choice.trained[c.param]
			up := Update[T]{
				Weights: tensors.Data[T](param.value)[c.lo:c.hi], Grad: grads[c.param][c.lo:c.hi],
				Rate: rate, Step: param.updateCount, Scale: u.scales[c.param],
			}
			if up.Scale != 1 && !u.scaler {
				kernels.Scale(up.Grad, up.Grad, T(up.Scale))
				up.Scale = 1
			}
			if len(param.slots) > 0 {
				up.Slots = make([][]T, len(param.slots))
				for i, s := range param.slots {
					up.Slots[i] = tensors.Data[T](s)[c.lo:c.hi]
				}
			}
			rule(up)
		}
	})
}

// clipNorms sets the scales: first each gradient has at most clip.Norm, then all together at most clip.GlobalNorm.
func (u *updater) clipNorms() {
	norms := make([]float64, len(u.choice.trained)) // squared
	for i, c := range u.pieces {
		norms[c.param] += u.squares[i]
	}
	total := 0.0
	for i, n := range norms {
		if n = math.Sqrt(n); u.clip.Norm > 0 && n > u.clip.Norm {
			u.scales[i] = u.clip.Norm / n
		}
		total += norms[i] * u.scales[i] * u.scales[i]
	}
	if total = math.Sqrt(total); u.clip.GlobalNorm > 0 && total > u.clip.GlobalNorm {
		for i := range u.scales {
			u.scales[i] *= u.clip.GlobalNorm / total
		}
	}
}
