package graph

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A Loss returns the value that training minimizes, as a scalar node: usually the mean over the batch. pred is the network's
// output and target the data's target, both with the batch in front.
type Loss interface{ Loss(pred, target Node) Node }

// LossFunc is a function that implements Loss. Its target has the number of elements that the prediction has: a target (n) for a
// prediction (n, 1) gets the prediction's shape if the function would broadcast the two to (n, n). For any other target, such as
// class numbers, write a type that is a TargetShaper.
type LossFunc func(pred, target Node) Node

// Loss implements the interface Loss.
func (f LossFunc) Loss(pred, target Node) Node { return f(pred, target) }

// A TargetShaper is a Loss whose target has another shape than the prediction, such as class numbers. Compile uses the shape
// to find errors early; training uses the shape of the data, and the loss gets the target as it is.
type TargetShaper interface {
	Loss
	TargetShape(pred []int) []int // shapes with the batch in front
}

// A TargetFreeLoss is a Loss that needs no target, such as a contrastive one: Loss gets the zero Node for it, and batches may have
// none. A target that a batch has is only for metrics. TargetFree does nothing; it marks the type.
type TargetFreeLoss interface {
	Loss
	TargetFree()
}

// A LossChecker is a Loss that checks the shape of the prediction, with the batch in front: Check returns an error if the
// loss cannot take it. Compile calls it.
type LossChecker interface {
	Loss
	Check(pred []int) error
}

// A SampleLoss also returns one loss per sample, of shape (batch), whose mean is Loss. Weights need a SampleLoss, see Batch.Weight
// and FitConfig.ClassWeight. The weighted loss is the sum of each sample's loss times its weight, divided by the number of samples,
// so a negative weight makes the loss of its sample larger: with the advantages of actions as weights, a cross-entropy of the
// actions taken is a policy gradient (Williams 1992).
//
// Masks need a SampleLoss too, see Node.Mask: each step of a sequence is a sample, and the loss is the sum of the losses of the valid
// steps, divided by their number.
type SampleLoss interface {
	Loss
	PerSample(pred, target Node) Node
}

// checkWeight returns an error unless t contains a valid weight for each of the rows, or for each step of each row.
func checkWeight(t *Tensor, rows int, outs []outPort) error {
	s := t.Shape()
	if len(s) < 1 || len(s) > 2 || s[0] != rows {
		return fmt.Errorf("weight: got shape %v, want [%d], one for each sample, or (batch, time), one for each step", []int(s), rows)
	}
	for _, o := range outs {
		if len(s) < 2 || o.Loss == nil {
			continue
		}
		if len(o.shape) == 0 || o.shape[0] > 0 && o.shape[0] != s[1] {
			return fmt.Errorf("weight: got shape %v, want [%d], or (batch, time), the first dimensions of the predictions: output %s has shape %v",
				[]int(s), rows, o.name, append([]int{rows}, o.shape...))
		}
	}
	values, err := tensors.Float64s(t)
	if err != nil {
		return fmt.Errorf("weight: %w", err)
	}
	for i, v := range values {
		if !(math.Abs(v) <= math.MaxFloat32) {
			return fmt.Errorf("weight: sample %d: got %v, want a finite number", i*rows/len(values), v)
		}
	}
	return nil
}

// A TargetRanger is a Loss that accepts only targets within an interval, such as probabilities. Fit and Evaluate return an
// error for any other target; NaN passes and makes the loss NaN.
type TargetRanger interface {
	Loss
	TargetRange() (least, most float64)
}

// rangeSlack is how far a target may be outside its range, for rounding errors.
const rangeSlack = 1e-6

// checkRange returns an error if a target has an element outside the range of the loss.
func checkRange(what string, l Loss, t *Tensor) error {
	r, ok := l.(TargetRanger)
	if !ok {
		return nil
	}
	least, most := r.TargetRange()
	inside := func(lo, hi float64) bool { return !(lo < least-rangeSlack) && !(hi > most+rangeSlack) }
	if tensors.Contiguous(t) { // the usual case, fast
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
	v, place, err := find(t, 0, func(v float64) bool { return !inside(v, v) })
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	case place != "":
		return fmt.Errorf("%s: %s: got %v, want a number from %v to %v", what, place, v, least, most)
	}
	return nil
}

// A TargetChecker is a Loss that accepts only certain targets, such as probabilities that sum to 1. CheckTarget gets the elements of
// the target of one sample, in row-major order, and the shape of one sample of the prediction; the elements are valid until it
// returns. Training and Evaluate call it for each sample and return its error. NaN should pass: it makes the loss NaN.
type TargetChecker interface {
	Loss
	CheckTarget(sample []float64, shape []int) error
}

// checkTarget returns an error if the loss does not accept the target of a sample. shape is that of one sample of the prediction.
func checkTarget(what string, l Loss, t *Tensor, shape []int) error {
	c, ok := l.(TargetChecker)
	got := t.Shape()[1:]
	if fits(got, shape) { // a dimension may be Any
		shape = got
	}
	want := shape
	if s, shaper := l.(TargetShaper); ok && shaper {
		if want = s.TargetShape(append([]int{1}, shape...))[1:]; fits(got, want) {
			want = got
		}
	}
	n := tensors.Size(want)
	if !ok || tensors.Size(got) != n {
		return nil // the loss returns an error for another shape
	}
	sample := samples.take()
	defer samples.put(sample)
	*sample = slices.Grow((*sample)[:0], n)[:n]
	single := t.Dtype() == tensor.Float32 && tensors.Contiguous(t) // the usual case, without a copy of the whole tensor
	var all []float64
	if !single {
		var err error
		if all, err = tensors.Float64s(t); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	for i := range t.Shape()[0] {
		if single {
			for j, v := range tensors.Data[float32](t)[i*n:][:n] {
				(*sample)[j] = float64(v)
			}
		} else {
			copy(*sample, all[i*n:])
		}
		if err := c.CheckTarget(*sample, shape); err != nil {
			return fmt.Errorf("%s: sample %d: %w", what, i, err)
		}
	}
	return nil
}

// samples are buffers for the target of one sample. A sync.Pool would forget them at each garbage collection.
var samples buffers

type buffers struct {
	mu   sync.Mutex
	free []*[]float64
}

func (b *buffers) take() *[]float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := len(b.free)
	if n == 0 {
		return new([]float64)
	}
	s := b.free[n-1]
	b.free = b.free[:n-1]
	return s
}

func (b *buffers) put(s *[]float64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, s)
}
