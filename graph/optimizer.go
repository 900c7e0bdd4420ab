package graph

import (
	"github.com/nndiy/nndiy/internal/kernels"
)

// Float is an element type of tensors.
type Float = kernels.Float

// An Optimizer is a rule that changes parameters by their gradients. It keeps no state: the model stores it, in Slots
// tensors of each parameter's shape, initially zero. A rule works element by element; it is called for pieces of parameters,
// from several goroutines at once. A rule that needs parameters whole is a WholeUpdater.
//
// Write a rule as one generic function of an Update, which the two methods call.
type Optimizer interface {
	Rate() float64              // initial learning rate
	Slots() int                 // number of state tensors for each parameter
	Update32(u Update[float32]) // one step of a piece of a parameter, in a model of float32
	Update64(u Update[float64]) // the same for float64
}

// An Update is one optimizer step for a piece of a parameter. The rule changes Weights and Slots.
type Update[T Float] struct {
	Weights []T     // the piece's elements
	Grad    []T     // gradient of the loss by Weights; read only
	Slots   [][]T   // the rule's state: Slots() slices of the length of Weights
	Rate    float64 // learning rate
	Step    int     // number of this update of the parameter, from 1
	Name    string  // full name of the parameter, such as "encoder/dense1/weight"
	Shape   []int   // shape of the whole parameter; read only
	Scale   float64 // a GradScaler multiplies Grad by it; 1 for other rules
}

// A GradScaler is an Optimizer that multiplies the gradient by Update.Scale itself, which saves a pass over the gradients
// when they are clipped by norm. Other optimizers get gradients that are already scaled.
type GradScaler interface {
	Optimizer
	ScalesGrad()
}

// Clipping limits gradients before an update. 0 means no limit; the limits apply in the order of the fields.
type Clipping struct {
	Value      float64 // limits each element to [-Value, Value]
	Norm       float64 // limits the Euclidean norm of each parameter's gradient
	GlobalNorm float64 // limits the Euclidean norm of all gradients together
}

// A WholeUpdater is an Optimizer that needs some parameters whole, such as a rule for matrices. Update then has all of the
// parameter's elements, in row-major order. Other parameters come in pieces.
type WholeUpdater interface {
	Optimizer
	Whole(name string, shape []int) bool // reports whether the rule needs the parameter whole
}

// A ParamChecker is an Optimizer that checks the parameters that it is to train: Compile calls CheckParams with the shapes of
// those that Config.Train includes, by their full names.
type ParamChecker interface {
	Optimizer
	CheckParams(shapes map[string][]int) error
}

// A Clipper is an Optimizer whose gradients are clipped before it gets them.
type Clipper interface {
	Optimizer
	Clip() Clipping
}

// An Averager is an Optimizer that keeps an average of the weights in one of its slots. Fit trains the weights themselves;
// validation, callbacks at the end of an epoch, and all uses of the model after Fit see the averages instead. SetWeights and
// Load set both.
type Averager interface {
	Optimizer
	Average() int // index of the slot; negative if there is none
}

// An OptimizerWrapper is an Optimizer that adds something to another one and passes updates on to it. The model looks for
// Clipper, Averager, WholeUpdater, ParamChecker and Validator in it and in every optimizer inside it, so a wrapper does not forward them; of several
// limits of one kind the smallest applies. Its slots are those of the inner optimizer, followed by its own.
type OptimizerWrapper interface {
	Optimizer
	Unwrap() Optimizer // returns the inner optimizer
}

// chain returns an optimizer and the optimizers inside it, the outermost first.
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

// optimizersAs returns the optimizers in o's chain that implement T, the outermost first.
func optimizersAs[T any](o Optimizer) []T {
	var list []T
	for _, o := range chain(o) {
		if t, ok := o.(T); ok {
			list = append(list, t)
		}
	}
	return list
}

// clipping returns the smallest limits in an optimizer's chain.
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
