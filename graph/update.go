package graph

import (
	"math"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// updatePiece is how many elements of a parameter an optimizer is given at a time.
const updatePiece = 16 << 10

// updateAll changes the parameters by their gradients.
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

// clipNorms sets the scales so that each gradient, and then all of them together, have at most the norms that are asked for.
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
