package graph

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// lossOf returns the loss of one output.
//
// Operations broadcast, so a target (n) and a prediction (n, 1) would silently become (n, n). If a loss that is not a TargetShaper
// does that, or if it is a function that fails, it gets the target in the prediction's shape, and it is an error if that does not
// help. A function may not use a target with another number of elements at all.
func (b *builder) lossOf(o outPort, y, t Node, w weighing) (Node, error) {
	if _, free := o.Loss.(TargetFreeLoss); free {
		y, _, w = w.steps(o, y, Node{})
		return b.rawLoss(o, y, Node{}, w)
	}
	before := b.err
	y, t, w = w.steps(o, y, t)
	loss, err := b.rawLoss(o, y, t, w)
	_, shaper := o.Loss.(TargetShaper)
	_, function := o.Loss.(LossFunc)
	p, s := y.Shape(), t.Shape()
	if shaper || slices.Equal(p, s) || err != nil && !function {
		return loss, err
	}
	same := tensors.Size(p) == tensors.Size(s)
	uses, outer := true, false
	if err == nil {
		uses, outer = targetUse(y, t, loss)
	}
	switch {
	case !uses:
		return loss, nil
	case err == nil && !outer && (same || !function):
		return loss, nil
	case same && (len(p) <= 2 || len(s) <= 2 || slices.Equal(unit(p), unit(s))):
		b.err = before
		loss, err := b.rawLoss(o, y, t.Reshape(p...), w)
		if err != nil {
			return loss, err
		}
		if _, outer := targetUse(y, t, loss); !outer {
			return loss, nil
		}
	}
	b.err = before
	return loss, b.failAt(o.lossName(), "", fmt.Errorf("got a target of shape %v for a prediction of shape %v, want the same shape: %s", s, p, otherShape)).err
}

const otherShape = "a loss whose target has another shape than the prediction implements graph.TargetShaper"

// unit returns the dimensions of a shape that are not 1.
func unit(shape []int) []int {
	return slices.DeleteFunc(slices.Clone(shape), func(n int) bool { return n == 1 })
}

// targetUse reports whether a loss depends on the target t, and whether it has an operation that broadcasts a part that comes from
// t and one that comes from the prediction y so that both get larger, and that is not meant: (n) and (n, 1), or t itself in
// another order of dimensions.
func targetUse(y, t, loss Node) (uses, outer bool) {
	fromY, fromT := map[*ops.Node]bool{y.n: true}, map[*ops.Node]bool{t.n: true}
	for _, n := range ops.Needed(loss.n) {
		o := ops.Of(n)
		if o == nil || n == y.n {
			continue
		}
		for _, in := range o.In {
			fromY[n] = fromY[n] || fromY[in]
			fromT[n] = fromT[n] || fromT[in]
		}
		if _, ok := o.Def.(ops.Map); !ok || len(o.In) != 2 {
			continue
		}
		v, w := o.In[0], o.In[1]
		a, b, size := ops.Shape(v), ops.Shape(w), tensors.Size(o.Shape)
		meant := len(a) == len(b) && (v != t.n && w != t.n || a[0] != b[0]) // (n, 1) and (1, n)
		outer = outer || (fromY[v] && fromT[w] || fromT[v] && fromY[w]) && !meant && size > tensors.Size(a) && size > tensors.Size(b)
	}
	return fromT[loss.n], outer
}

// lossName returns the name of an output's loss in errors.
func (o outPort) lossName() string {
	if o.name == MainOutput {
		return "loss"
	}
	return o.name + " loss"
}

// rawLoss returns the loss of one output for a target as it is.
func (b *builder) rawLoss(o outPort, y, t Node, w weighing) (Node, error) {
	where := o.lossName()
	loss, err := ops.Safely(func() (Node, error) {
		return b.within(where, func() Node { return w.loss(o.Loss, y, t) }), nil
	})
	switch {
	case err != nil:
		return loss, b.failPanic(where, err).err
	case loss.err != nil:
		if _, ok := o.Loss.(LossFunc); ok {
			return loss, fmt.Errorf("%w; the target has shape %v here: %s", loss.err, t.Shape(), otherShape)
		}
		return loss, loss.err
	case loss.b != b:
		return loss, b.failAt(where, "Loss", errNoNode).err
	case tensors.Size(loss.Shape()) != 1:
		return loss, b.failAt(where, "Loss", fmt.Errorf("got shape %v, want a scalar", loss.Shape())).err
	}
	return loss.Reshape(), nil
}
