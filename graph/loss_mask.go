package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// A TargetMasker is a Loss that leaves out some targets, such as a class number that stands for "no class". TargetMask returns 1
// where a target counts and 0 where it is left out, with the shape of the first dimensions of the prediction; the zero Node if all
// count. The loss is the mean over those that count, and metrics do not see the others either.
type TargetMasker interface {
	Loss
	TargetMask(pred, target Node) Node
}

// A MaskedLoss is a Loss that is not a mean over the steps of a sequence, and so reads the mask of the prediction itself, see
// Node.Mask. Masked does nothing; it marks the type. Every other Loss must be a SampleLoss if the prediction has a mask: it gets
// each step as a sample.
type MaskedLoss interface {
	Loss
	Masked()
}

// A weighing says how a loss is a mean. valid and weight have the shape of the first dimensions of the prediction.
type weighing struct {
	valid  Node // 1 where an element counts; the zero Node if all do
	weight Node // factor of each loss; the zero Node for 1
}

// weighingOf returns the weighing of an output for the prediction y, the target t and the weights of the samples or steps.
func (b *builder) weighingOf(o outPort, y, t, weight Node) (w weighing, err error) {
	w.weight = weight
	if mask, ok := y.Mask(); ok {
		w.valid = mask
	} else if _, time, ok := y.Valid(); ok {
		return w, b.failAt(o.lossName(), "", fmt.Errorf("got a prediction of shape %v with a mask whose time is axis %d, want (batch, time, ...)", y.Shape(), time)).err
	}
	if m, ok := o.Loss.(TargetMasker); ok && !none(t) {
		counts, err := ops.Safely(func() (Node, error) { return m.TargetMask(y, t), nil })
		switch {
		case err != nil:
			return w, b.failPanic(o.lossName(), err).err
		case counts.err != nil:
			return w, counts.err
		case none(w.valid):
			w.valid = counts
		case !none(counts):
			w.valid = w.valid.alike(counts.Rank()).Mul(counts)
		}
	}
	for _, v := range []Node{w.valid, w.weight} {
		if none(v) || v.err != nil {
			continue
		}
		if _, free := o.Loss.(TargetFreeLoss); v == w.weight && free {
			continue
		}
		s, p, fits := v.Shape(), y.Shape(), true
		if len(s) > len(p) || !slices.Equal(s, p[:len(s)]) {
			fits = false
		} else if none(t) || t.Rank() >= len(s) && slices.Equal(s, t.Shape()[:len(s)]) {
			continue
		}
		name := "a mask"
		if v == w.weight {
			name = "weights"
		}
		err := fmt.Errorf("got %s of shape %v for a prediction of shape %v, want its first dimensions", name, s, p)
		if fits {
			err = fmt.Errorf("got a target of shape %v for a prediction with %s of shape %v, want a target with these first dimensions", t.Shape(), name, s)
		}
		return w, b.failAt(o.lossName(), "", err).err
	}
	return w, w.valid.err
}

// alike returns x with dimensions of 1 at its end, so that it has the rank.
func (x Node) alike(rank int) Node {
	for x.err == nil && x.Rank() < rank {
		x = x.Expand(-1)
	}
	return x
}

// steps returns the prediction, the target and the weighing with the positions that have a weight or may be left out as samples.
// What is left out becomes 1 in both, a number that no function of a loss makes infinite, so that it has no gradient.
func (w weighing) steps(o outPort, y, t Node) (Node, Node, weighing) {
	var positions []int
	for _, v := range []Node{w.valid, w.weight} {
		if v.Rank() > len(positions) {
			positions = v.Shape()
		}
	}
	_, own := o.Loss.(MaskedLoss)
	if none(w.valid) && len(positions) < 2 || own {
		return y, t, w
	}
	k, n := len(positions), tensors.Size(positions)
	flat := func(x Node) Node {
		return x.Masked(Node{}).Reshape(append([]int{n}, x.Shape()[min(k, x.Rank()):]...)...)
	}
	spread := func(v Node) Node {
		if none(v) {
			return v
		}
		return v.alike(k).BroadcastTo(positions...).Reshape(n)
	}
	w = weighing{spread(w.valid), spread(w.weight)}
	if y = flat(y); y.Rank() == 1 {
		y = y.Expand(-1)
	}
	if !none(t) {
		t = flat(t)
	}
	if _, ok := o.Loss.(TargetShaper); !ok && !none(t) && slices.Equal(unit(y.Shape()[1:]), unit(t.Shape()[1:])) {
		t = t.Reshape(y.Shape()...)
	}
	if none(w.valid) {
		return y, t, w
	}
	one := y.b.scope().Scalar(1)
	if lo, hi, known := y.Bounds(); !known || lo < -most && hi > most { // else it ends with an activation, which the loss may look for
		y = y.Where(w.valid.alike(y.Rank()), one)
	}
	if !none(t) {
		t = t.Where(w.valid.alike(t.Rank()), one)
	}
	return y, t, w
}

// most is a number that a bound exceeds if it is infinite.
const most = 1e300

// loss returns the loss for a prediction and a target: without a weighing as the loss computes it, else the sum of each sample's
// loss times its weight, divided by the number of samples that count.
func (w weighing) loss(l Loss, y, t Node) Node {
	s, sample := l.(SampleLoss)
	_, own := l.(MaskedLoss)
	switch {
	case none(w.valid) && none(w.weight), own && !sample && none(w.weight):
		return l.Loss(y, t)
	case !sample && !none(w.weight):
		return y.Errorf("got sample weights for %T, want a graph.SampleLoss", l)
	case !sample:
		return y.Errorf("got a prediction with a mask for %T, want a graph.SampleLoss or a graph.MaskedLoss", l)
	}
	valid := w.valid
	if own && !none(valid) { // of its samples, those with a step that counts
		valid = valid.Reshape(y.Dim(0), -1).Max(1)
	}
	each := s.PerSample(y, t)
	if each.err == nil && !slices.Equal(each.Shape(), []int{y.Dim(0)}) {
		return y.Errorf("PerSample of %T: got shape %v, want [%d]", l, each.Shape(), y.Dim(0))
	}
	if !none(w.weight) && w.weight.Rank() > 1 {
		return y.Errorf("got weights of shape %v for %T, want one for each sample", w.weight.Shape(), l)
	}
	if !none(valid) {
		each = each.binary(ops.ReLUGrad, valid)
	}
	if !none(w.weight) {
		each = each.Mul(w.weight)
	}
	if none(valid) {
		return each.Mean()
	}
	return each.Sum().Div(valid.Sum().Maximum(y.b.scope().Scalar(1)))
}
