package graph

import (
	"fmt"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

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
