package graph

import (
	"fmt"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Loss is the value that training minimizes: a scalar, the mean over the batch. Target is an input.
type Loss interface{ Loss(pred, target Node) Node }

// LossFunc makes a function a Loss.
type LossFunc func(pred, target Node) Node

// Loss implements the interface Loss.
func (f LossFunc) Loss(pred, target Node) Node { return f(pred, target) }

// A TargetShaper is a Loss whose target is not of the prediction's shape. It is asked for the target's when a model is
// compiled, to find errors early; training takes the shape that the data has.
type TargetShaper interface {
	Loss
	TargetShape(pred []int) []int // both with the batch in front
}

// A LossChecker is a Loss that can tell that it does not fit the shape of a prediction, the batch in front. Compile asks it.
type LossChecker interface {
	Loss
	Check(pred []int) error
}

// A SampleLoss is a Loss that can also tell the loss of each sample, of shape (batch), whose mean Loss is. Samples have
// weights with such a loss alone, see Batch.Weight and FitConfig.ClassWeight.
type SampleLoss interface {
	Loss
	PerSample(pred, target Node) Node
}

// weigh returns the mean over the batch of each sample's loss times its weight.
func weigh(l Loss, pred, target, weight Node) Node {
	s, ok := l.(SampleLoss)
	if !ok {
		return pred.Errorf("got weights of samples for %T, want a loss that is a graph.SampleLoss", l)
	}
	each := s.PerSample(pred, target)
	if each.err == nil && !slices.Equal(each.Shape(), weight.Shape()) {
		return pred.Errorf("PerSample of %T: got shape %v, want %v", l, each.Shape(), weight.Shape())
	}
	return each.Mul(weight).Mean()
}

// checkWeight returns an error if a tensor can't be the weights of so many samples.
func checkWeight(t *Tensor, rows int) error {
	if !tensors.SameShape(t, []int{rows}) {
		return fmt.Errorf("weight: got shape %v, want [%d] as the input has", []int(t.Shape()), rows)
	}
	values, err := tensors.Float64s(t)
	if err != nil {
		return fmt.Errorf("weight: %w", err)
	}
	for i, v := range values {
		if !(v >= 0 && v <= math.MaxFloat32) {
			return fmt.Errorf("weight: sample %d: got %v, want a number of 0 or more", i, v)
		}
	}
	return nil
}

// A TargetRanger is a Loss of targets between two numbers, such as probabilities. Others are an error when they are trained or
// evaluated on; a NaN makes the loss NaN.
type TargetRanger interface {
	Loss
	TargetRange() (least, most float64)
}

// rangeSlack is how far a target may be beyond its range: what rounding makes of numbers in it.
const rangeSlack = 1e-6

// checkRange compares a target's elements with what the loss takes.
func checkRange(what string, l Loss, t *Tensor) error {
	r, ok := l.(TargetRanger)
	if !ok {
		return nil
	}
	least, most := r.TargetRange()
	inside := func(lo, hi float64) bool { return !(lo < least-rangeSlack) && !(hi > most+rangeSlack) }
	if tensors.Contiguous(t) { // the usual ones, quickly
		switch t.Dtype() {
		case tensor.Float32:
			data := tensors.Data[float32](t)
			if inside(float64(kernels.MinOf(data)), float64(kernels.MaxOf(data))) {
				return nil
			}
		case tensor.Float64:
			data := tensors.Data[float64](t)
			if inside(kernels.MinOf(data), kernels.MaxOf(data)) {
				return nil
			}
		}
	}
	v, place, err := find(t, func(v float64) bool { return !inside(v, v) })
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	case place != "":
		return fmt.Errorf("%s: %s: got %v, want a number from %v to %v", what, place, v, least, most)
	}
	return nil
}
