package graph

import (
	"fmt"
	"math"

	"github.com/nndiy/nndiy/graph/internal/program"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A work is the part of an updater that depends on the element type.
type work interface {
	choose()                     // adapts to a new choice of trained parameters
	take(p *program.Program)     // takes the gradients that a program has computed, and whether it had workers
	copy(w Weights) error        // takes copies of gradients by name
	accumulate(rows float64)     // adds them, times the number of their samples, to the sums
	mean()                       // takes the mean over the samples of the sums
	update(rate, factor float64) // clips the gradients times factor and updates the parameters with them
}

// A workOf is a work. Its functions for Pool.For are made once.
type workOf[T Float] struct {
	*updater
	rule    func(Update[T])
	pool    *kernels.Pool // of the source of the gradients
	slots   int           // of each parameter
	grads   [][]T         // of each trained parameter; clipping changes them
	given   []*Tensor     // memory for copy
	pieceOf [][]T         // memory for Update.Slots of each piece
	rate    float64
	samples T // factor of addPieces and scalePieces

	scales  []float64 // factor of each parameter's gradient, from clipping by norm
	norms   []float64 // squared, of each parameter's gradient
	squares []float64 // sums of the squared gradients, one for each piece

	clipPieces, squarePieces, updatePieces, addPieces, scalePieces func(lo, hi int)
}

func newWork[T Float](u *updater, rule func(Update[T])) *workOf[T] {
	w := &workOf[T]{updater: u, rule: rule, slots: u.model.cfg.Optimizer.Slots()}
	over := func(f func(i int, c piece)) func(lo, hi int) {
		return func(lo, hi int) {
			for i, c := range u.pieces[lo:hi] {
				f(lo+i, c)
			}
		}
	}
	w.clipPieces = over(func(_ int, c piece) {
		v, g := T(u.clip.Value), w.grads[c.param][c.lo:c.hi]
		kernels.Clip(g, g, -v, v)
	})
	w.squarePieces = over(func(i int, c piece) {
		g := w.grads[c.param][c.lo:c.hi]
		w.squares[i] = kernels.DotFloat64(g, g)
	})
	w.addPieces = over(func(_ int, c piece) {
		sum := tensors.Data[T](u.sums[u.choice.trained[c.param].name])
		kernels.Axpy(sum[c.lo:c.hi], w.samples, w.grads[c.param][c.lo:c.hi])
	})
	w.scalePieces = over(func(_ int, c piece) {
		g := w.grads[c.param][c.lo:c.hi]
		kernels.Scale(g, g, w.samples)
	})
	w.updatePieces = over(w.updatePiece)
	return w
}

func (w *workOf[T]) choose() {
	n := len(w.choice.trained)
	w.grads, w.given, w.scales, w.norms = make([][]T, n), nil, make([]float64, n), make([]float64, n)
	w.squares, w.pieceOf = make([]float64, len(w.pieces)), make([][]T, len(w.pieces)*w.slots)
}

func (w *workOf[T]) take(p *program.Program) {
	if w.pool = w.model.pool; p.Alone() {
		w.pool = nil
	}
	for i := range w.grads {
		w.grads[i] = tensors.Data[T](p.Gradient(i))
	}
}

func (w *workOf[T]) copy(given Weights) error {
	w.pool = w.model.pool
	if w.given == nil {
		for _, p := range w.choice.trained {
			w.given = append(w.given, tensors.New(w.model.cfg.DType, p.shape))
		}
	}
	for i, p := range w.choice.trained {
		g := given[p.name]
		if !tensors.SameShape(g, p.shape) {
			return fmt.Errorf("gradient %s: got shape %v, want %v", p.name, []int(g.Shape()), p.shape)
		}
		if err := tensors.Copy(w.given[i], g); err != nil {
			return fmt.Errorf("gradient %s: %w", p.name, err)
		}
		if tensors.HasNonFinite(w.given[i]) {
			return fmt.Errorf("gradient %s: got a number that is not finite, want finite ones", p.name)
		}
		w.grads[i] = tensors.Data[T](w.given[i])
	}
	return nil
}

func (w *workOf[T]) accumulate(rows float64) {
	if w.sums == nil {
		w.sums = Weights{}
	}
	for _, p := range w.choice.trained {
		if w.sums[p.name] == nil {
			w.sums[p.name] = tensors.New(w.model.cfg.DType, p.shape)
		}
	}
	w.samples = T(rows)
	w.pool.For(len(w.pieces), 1, w.addPieces)
}

func (w *workOf[T]) mean() {
	for i, p := range w.choice.trained {
		s := w.sums[p.name]
		if s == nil { // frozen while the sums were taken
			s = tensors.New(w.model.cfg.DType, p.shape)
		}
		w.grads[i] = tensors.Data[T](s)
		kernels.Scale(w.grads[i], w.grads[i], 1/T(max(w.rows, 1)))
	}
}

func (w *workOf[T]) update(rate, factor float64) {
	w.rate = rate
	if factor != 1 && (!w.scaler || w.measure || w.inspect != nil || w.clip != Clipping{}) {
		w.samples = T(factor)
		w.pool.For(len(w.pieces), 1, w.scalePieces)
		factor = 1
	}
	for i := range w.scales {
		w.scales[i] = factor
	}
	if w.measure {
		w.pool.For(len(w.pieces), 1, w.squarePieces)
		w.measureNorms()
	}
	if w.inspect != nil {
		w.inspectAll()
	}
	if w.clip.Value > 0 {
		w.pool.For(len(w.pieces), 1, w.clipPieces)
	}
	if w.clip.Norm > 0 || w.clip.GlobalNorm > 0 {
		w.pool.For(len(w.pieces), 1, w.squarePieces)
		w.clipNorms()
	}
	for _, p := range w.choice.trained {
		p.updateCount++
	}
	w.pool.For(len(w.pieces), 1, w.updatePieces)
}

// updatePiece calls the rule for piece i.
func (w *workOf[T]) updatePiece(i int, c piece) {
	param := w.choice.trained[c.param]
	u := Update[T]{
		Weights: tensors.Data[T](param.value)[c.lo:c.hi], Grad: w.grads[c.param][c.lo:c.hi],
		Rate: w.rate, Step: param.updateCount, Scale: w.scales[c.param], Name: param.name, Shape: param.shape,
	}
	if u.Scale != 1 && !w.scaler {
		kernels.Scale(u.Grad, u.Grad, T(u.Scale))
		u.Scale = 1
	}
	if w.slots > 0 {
		u.Slots = w.pieceOf[i*w.slots : (i+1)*w.slots : (i+1)*w.slots]
		for k, s := range param.slots {
			u.Slots[k] = tensors.Data[T](s)[c.lo:c.hi]
		}
	}
	w.rule(u)
}

// measureNorms keeps the norms of the gradients.
func (w *workOf[T]) measureNorms() {
	w.sumSquares()
	w.measure, w.measured = false, Logs{}
	for i, p := range w.choice.trained {
		w.measured[p.name] = math.Sqrt(w.norms[i])
	}
}

// sumSquares adds up the squares of the pieces of each gradient.
func (w *workOf[T]) sumSquares() {
	clear(w.norms)
	for i, c := range w.pieces {
		w.norms[c.param] += w.squares[i]
	}
}

// clipNorms sets the scales: first each gradient has at most clip.Norm, then all together at most clip.GlobalNorm.
func (w *workOf[T]) clipNorms() {
	w.sumSquares()
	total := 0.0
	for i, squared := range w.norms {
		if n := math.Sqrt(squared); w.clip.Norm > 0 && n > w.clip.Norm {
			w.scales[i] = w.clip.Norm / n
		}
		total += squared * w.scales[i] * w.scales[i]
	}
	if total = math.Sqrt(total); w.clip.GlobalNorm > 0 && total > w.clip.GlobalNorm {
		for i := range w.scales {
			w.scales[i] *= w.clip.GlobalNorm / total
		}
	}
}
