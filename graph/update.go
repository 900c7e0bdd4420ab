package graph

import (
	"math"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/kernels"
)

// updatePiece is how many elements of a parameter an optimizer is given at a time.
const updatePiece = 16 << 10

// An updater applies an optimizer to the parameters of a model after each step.
type updater struct {
	model  *Model
	list   []*parameter
	pieces []piece
	clip   Clipping
	scaler bool // the rule multiplies by Scale itself
	scales []float64
	sums   []float64 // of squares, one for each piece
}

// A piece is elements lo to hi of a parameter.
type piece struct{ param, lo, hi int }

func newUpdater(m *Model) *updater {
	u := &updater{model: m, list: m.trained()}
	for i, p := range u.list {
		n := ops.Size(p.shape)
		for lo := 0; lo < n; lo += updatePiece {
			u.pieces = append(u.pieces, piece{i, lo, min(lo+updatePiece, n)})
		}
	}
	if c, ok := m.cfg.Optimizer.(Clipper); ok {
		u.clip = c.Clip()
	}
	_, u.scaler = m.cfg.Optimizer.(GradScaler)
	u.scales, u.sums = make([]float64, len(u.list)), make([]float64, len(u.pieces))
	return u
}

// update changes the parameters by the gradients of a program that has run.
func (u *updater) update(p *program, rate float64) {
	if u.model.cfg.DType == tensor.Float32 {
		updateAll(u, p, rate, u.model.cfg.Optimizer.Update32)
	} else {
		updateAll(u, p, rate, u.model.cfg.Optimizer.Update64)
	}
}

func updateAll[T Float](u *updater, p *program, rate float64, rule func(Update[T])) {
	grads := make([][]T, len(u.list))
	for i := range u.list {
		grads[i] = ops.Data[T](p.output(p.gradients + i))
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
				u.sums[lo+i] = kernels.DotFloat64(grads[c.param][c.lo:c.hi], grads[c.param][c.lo:c.hi])
			}
		})
		u.clipNorms()
	}
	step := u.model.store.steps + 1
	pool.For(len(u.pieces), 1, func(lo, hi int) {
		for _, c := range u.pieces[lo:hi] {
			param := u.list[c.param]
			up := Update[T]{
				Weights: ops.Data[T](param.value)[c.lo:c.hi], Grad: grads[c.param][c.lo:c.hi],
				Rate: rate, Step: step, Scale: u.scales[c.param],
			}
			if up.Scale != 1 && !u.scaler {
				kernels.Scale(up.Grad, up.Grad, T(up.Scale))
				up.Scale = 1
			}
			if len(param.slots) > 0 {
				up.Slots = make([][]T, len(param.slots))
				for i, s := range param.slots {
					up.Slots[i] = ops.Data[T](s)[c.lo:c.hi]
				}
			}
			rule(up)
		}
	})
}

// clipNorms sets the scales so that each gradient, and then all of them together, have at most the norms that are asked for.
func (u *updater) clipNorms() {
	norms := make([]float64, len(u.list)) // squared
	for i, c := range u.pieces {
		norms[c.param] += u.sums[i]
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
