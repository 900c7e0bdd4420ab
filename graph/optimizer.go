package graph

import (
	"github.com/nndiy/nndiy/internal/kernels"
)

// Float is an element type of tensors.
type Float = kernels.Float

// An Optimizer is a rule that changes parameters by their gradients. It keeps no state: the model owns the state, as
// Slots tensors of each parameter's shape, zero at first. A rule works element by element, and is called for pieces of
// parameters, from several goroutines at once.
//
// A rule for both element types is one generic function and two methods that call it.
type Optimizer interface {
	Rate() float64 // learning rate that training starts with
	Slots() int    // number of state tensors for each parameter
	Update32(u Update[float32])
	Update64(u Update[float64])
}

// An Update is one step of one piece of a parameter.
type Update[T Float] struct {
	Weights []T     // to be changed
	Grad    []T     // gradient of the loss by Weights, not to be changed
	Slots   [][]T   // the rule's state, each of the length of Weights; to be changed
	Rate    float64 // learning rate
	Step    int     // number of this update of this parameter, from 1
	Scale   float64 // factor that Grad is still to be multiplied by; 1 unless the rule is a GradScaler
}

// A GradScaler is an Optimizer that multiplies the gradient by Update.Scale itself, so that clipping by norm needs no pass
// of its own. Other optimizers get gradients that are scaled already.
type GradScaler interface {
	Optimizer
	ScalesGrad()
}

// Clipping limits gradients before an update. Limits of 0 are off; they apply in the order of the fields.
type Clipping struct {
	Value      float64 // each element to [-Value, Value]
	Norm       float64 // each parameter's gradient to this Euclidean norm
	GlobalNorm float64 // all gradients together to this Euclidean norm
}

// A Clipper is an Optimizer whose gradients are clipped first.
type Clipper interface {
	Optimizer
	Clip() Clipping
}

// An Averager is an Optimizer that keeps an average of the weights in one of its slots. Fit trains the weights themselves;
// validation, callbacks at the end of an epoch, and everyone after Fit see the averages in their place. SetWeights and Load
// set both.
type Averager interface {
	Optimizer
	Average() int // the number of the slot; negative if there is none
}

// An OptimizerWrapper is an Optimizer around another one, to which it passes updates on. Clipper, Averager and Validator are
// asked of it and of every optimizer inside it, so a wrapper does not forward them: of several limits of one kind the
// smallest counts. Its Slots are those of the inner optimizer, followed by its own.
type OptimizerWrapper interface {
	Optimizer
	Unwrap() Optimizer
}

// chain returns an optimizer and those inside it, the outermost first.
func chain(o Optimizer) []Optimizer {
	var list []Optimizer
	for !isNil(o) {
		list = append(list, o)
		w, ok := o.(OptimizerWrapper)
		if !ok {
			break
		}
		o = w.Unwrap()
	}
	return list
}

// optimizersAs returns an optimizer and those inside it that are a T, the outermost first.
func optimizersAs[T any](o Optimizer) []T {
	var list []T
	for _, o := range chain(o) {
		if t, ok := o.(T); ok {
			list = append(list, t)
		}
	}
	return list
}

// clipping returns the limits of an optimizer: the smallest of those inside it.
func clipping(o Optimizer) (limits Clipping) {
	tighter := func(limit *float64, other float64) {
		if *limit == 0 || other > 0 && other < *limit {
			*limit = other
		}
	}
	for _, c := range optimizersAs[Clipper](o) {
		other := c.Clip()
		tighter(&limits.Value, other.Value)
		tighter(&limits.Norm, other.Norm)
		tighter(&limits.GlobalNorm, other.GlobalNorm)
	}
	return limits
}
