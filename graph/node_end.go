package graph

import (
	"slices"

	"github.com/nndiy/nndiy/graph/internal/ops"
	"github.com/nndiy/nndiy/internal/tensors"
)

// An End says which activation a node ends with, as far as its operations show. The zero value says nothing: the node ends with
// another operation, or with several that are combined.
type End struct {
	Activation string // "Sigmoid", "Softmax" or "LogSoftmax", or "Clip" for limits inside [0, 1], as of HardSigmoid
	After      string // the same of the input of the activation, if that already is a probability
	Noisy      bool   // random numbers change the output of the activation in training, as in Dropout and GaussianNoise
	Axis       int    // of Softmax or LogSoftmax, as an axis of the node; -1 if it is not an axis of the node
	Size       int    // the number of elements along it
}

// End returns the activation that x ends with, for a loss to check. Operations that only move or choose elements, and a Clip,
// are ignored, except for a part of the elements of a Softmax.
func (x Node) End() End {
	if x.err != nil || x.b == nil {
		return End{}
	}
	return endOf(x.n)
}

func endOf(n *ops.Node) (e End) {
	axes := make([]int, len(ops.Shape(n))) // the axes of n as axes of the end
	for i := range axes {
		axes[i] = i
	}
	var cut []int // the axes of n of which some elements are missing
	clip := func(o *ops.Op, m ops.Map) bool {
		lo, hi, known := ops.Bounds(o.In[0])
		return m.A >= 0 && m.B <= 1 && known && lo < 0 && hi > 1
	}
	for o := ops.Of(n); o != nil; o = ops.Of(n) {
		switch d := o.Def.(type) {
		case ops.Stop, ops.Reverse:
		case ops.Reshape:
			axes, cut = reshaped(axes, ops.Shape(o.In[0]), o.Shape), reshaped(cut, ops.Shape(o.In[0]), o.Shape)
		case ops.Transpose:
			axes, cut = transposed(axes, ops.Decode(d.Perm)), transposed(cut, ops.Decode(d.Perm))
		case ops.Slice:
			if cut == nil {
				cut = make([]int, len(axes))
			}
			cut = slices.Clone(cut)
			cut[d.Axis] = 1
		case ops.Map:
			switch other := noise(o); {
			case d.Code == ops.Sigmoid:
				e.Activation, e.After = "Sigmoid", endOf(o.In[0]).probability()
				return e
			case d.Code == ops.Clip && clip(o, d):
				e.Activation = "Clip"
				return e
			case other != nil:
				e.Noisy, n = true, other
				continue
			case d.Code != ops.Clip:
				return End{}
			}
		case ops.Softmax:
			axis := d.Axis(len(o.Shape))
			if cut != nil && cut[axis] != 0 && o.Shape[axis] > 1 {
				return End{}
			}
			e.Activation, e.After, e.Axis, e.Size = d.Name(), endOf(o.In[0]).probability(), axes[axis], o.Shape[axis]
			return e
		default:
			return End{}
		}
		n = o.In[0]
	}
	return End{}
}

// probability returns the activation if its results are probabilities.
func (e End) probability() string {
	if e.Activation == "LogSoftmax" {
		return ""
	}
	return e.Activation
}

// reshaped returns what is known of each axis before a Reshape from what is known of it afterwards; -1 stands for an axis that
// has no counterpart.
func reshaped(after, from, to []int) []int {
	if after == nil {
		return nil
	}
	before := make([]int, len(from))
	for i, n := range from {
		before[i] = -1
		for j, m := range to {
			if n == m && tensors.Size(from[i+1:]) == tensors.Size(to[j+1:]) {
				before[i] = after[j]
			}
		}
	}
	return before
}

// transposed is reshaped for a Transpose.
func transposed(after, perm []int) []int {
	if after == nil {
		return nil
	}
	before := make([]int, len(perm))
	for i, p := range perm {
		before[p] = after[i]
	}
	return before
}

// noise returns the operand that an op multiplies by random numbers or adds them to, nil if it does neither.
func noise(o *ops.Op) *ops.Node {
	if m := o.Def.(ops.Map); m.Code != ops.Mul && m.Code != ops.Add {
		return nil
	}
	random := func(n *ops.Node) bool {
		found := false
		for _, n := range ops.Needed(n) {
			in := ops.Of(n)
			if in == nil {
				return false
			}
			_, is := in.Def.(ops.Random)
			found = found || is
		}
		return found
	}
	for i, n := range o.In {
		if other := o.In[1-i]; random(n) && !random(other) && slices.Equal(ops.Shape(other), o.Shape) {
			return other
		}
	}
	return nil
}
