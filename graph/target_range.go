package graph

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

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
