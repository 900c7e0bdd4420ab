package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

// apart returns the dependence of an op whose operands have the time or do not depend on it.
func (a *timeAnalysis) apart(o *Op, k kinds) dependence {
	if s, ok := o.Def.(Slice); ok && s.From == a.batch-1 && s.To == a.batch && a.whole(o.In[0], k.strides[0]) {
		if axis, _, _ := a.axis(o.InShape(0), k.strides[0]); axis == s.Axis {
			return dependence{last: true} // the last step
		}
	}
	out, ok := a.apply(o, k.strides)
	if !ok {
		out, ok = a.alone(o, k.strides)
	}
	// With the length in two dimensions, a sum over one of them would depend on it.
	return dependence{stride: out, mixed: !ok || tensors.Size(o.Shape)%(a.batch*a.batch) == 0}
}

// alone is apply for ops that keep steps apart by their settings only.
func (a *timeAnalysis) alone(o *Op, strides []int) (out int, ok bool) {
	switch d := o.Def.(type) {
	case Conv: // a kernel of 1
		axis, inside, ok := a.axis(o.InShape(0), max(strides[0], 1))
		if !ok || inside != 1 || axis < 2 || d.Part != ConvForward || strides[1] > 0 || !d.trails(axis, 0) {
			return 0, false
		}
		return at(o.Shape, axis, 1), true
	case Attend:
		return 1, a.attends(d, o.In, strides)
	case Attention:
		return at(o.Shape, 1, 1), a.attends(d.Attend, o.In[1:], strides[1:])
	}
	return 0, false
}

// window returns the dependence of an op with an operand that begins with earlier steps.
func (a *timeAnalysis) window(o *Op, k kinds) dependence {
	ok := false
	var out int
	in := a.of[o.In[0]]
	axis, found := a.longerAxis(o.InShape(0), in)
	moved := func(shape []int, axis int) dependence {
		in.stride = at(shape, axis, 1)
		return in
	}
	switch d := o.Def.(type) {
	case Reshape:
		if axis, found := a.longerAxis(o.Shape, in); found {
			return moved(o.Shape, axis)
		}
	case Transpose:
		if found {
			return moved(o.Shape, slices.Index(Decode(d.Perm), axis))
		}
	case Slice:
		if found && axis != d.Axis {
			return moved(o.Shape, axis)
		}
		ok = found && in.past > 0 && d.To-d.From == a.batch // the steps of the piece, or as many earlier ones
		out = at(o.Shape, axis, 1)
	case Conv:
		ok = found && in.past > 0 && axis >= 2 && d.Part == ConvForward && k.strides[1] == 0 && !a.isLonger(o.In[1]) && d.trails(axis, in.past)
		out = at(o.Shape, axis, 1)
	case Attend:
		ok, out = a.attends(d, o.In, k.strides), 1
	case Attention:
		ok, out = a.attends(d.Attend, o.In[1:], k.strides[1:]), at(o.Shape, 1, 1)
	}
	return dependence{stride: out, mixed: !ok}
}

// longerAxis returns the dimension of a shape that is a piece with earlier steps.
func (a *timeAnalysis) longerAxis(shape []int, d dependence) (axis int, ok bool) {
	unit := 1
	for axis, n := range slices.Backward(shape) {
		if unit == d.stride && n == a.batch+d.past+d.before {
			return axis, true
		}
		unit *= n
	}
	return 0, false
}

func (a *timeAnalysis) isLonger(n *Node) bool { d := a.of[n]; return d.past > 0 || d.before > 0 }

// trails reports whether the window of an axis ends at the position that it is for, with the given number of steps before it.
func (c Conv) trails(axis, before int) bool {
	w := c.Y
	if axis == 3 {
		w = c.X
	}
	return w.Stride == 1 && w.Before == 0 && w.After == 0 && w.Extent() == before+1
}

// attends reports whether queries that have the time attend to keys that do not depend on it, or to all steps up to their own.
func (a *timeAnalysis) attends(d Attend, in []*Node, strides []int) bool {
	axis, inside, ok := a.axis(Shape(in[0]), max(strides[0], 1))
	if !ok || strides[0] == 0 || axis != 1 || inside != 1 || d.Sources == 1 || d.Keep > 0 {
		return false
	}
	for _, n := range in[1:] {
		earlier := a.of[n].before
		switch {
		case d.Causal && (earlier == 0 || d.Offset != earlier || Shape(n)[1] != a.batch+earlier):
			return false
		case !d.Causal && (a.isLonger(n) || a.of[n].stride > 0 || a.long(Shape(n))):
			return false
		}
	}
	return true
}

// loop returns the dependence of a Scan. One over the time carries its states from piece to piece: what they are after the last
// step depends on earlier steps only, and so do its stacks at each step.
func (a *timeAnalysis) loop(s *Scan, o *Op) dependence {
	n := len(s.States)
	d := dependence{mixed: true, parts: slices.Repeat([]dependence{{mixed: true}}, n+len(s.Outs))}
	over, other := false, false // sequences along the time, and other operands that have it
	k := a.kinds(o.In)
	for i, in := range o.In {
		shape := Shape(in)
		x := i >= n && i < n+len(s.Xs)
		switch {
		case x && a.of[in].stride > 0 && a.t.Along(in, 0) && shape[0] == a.batch:
			over = true
		case a.of[in].stride > 0:
			other = true
		case a.long(shape) && (!x || a.long(shape[1:]) || !a.repeats(in, tensors.Size(shape[1:]))):
			other = true
		}
	}
	switch {
	case k.mixed, k.longer, other, a.longInside(s):
	case over && !k.last && !s.Reverse:
		for i := range d.parts {
			if d.parts[i] = (dependence{last: true}); i >= n {
				d.parts[i] = dependence{stride: sizeOf(s.Outs[i-n])}
			}
		}
	case !over && s.Steps%a.batch != 0:
		for i := range d.parts {
			d.parts[i] = dependence{last: k.last}
		}
	}
	return d
}

// longInside reports whether a step of a loop has a dimension of all steps.
func (a *timeAnalysis) longInside(s *Scan) bool {
	return slices.ContainsFunc(Needed(s.roots()...), func(n *Node) bool { return a.long(Shape(n)) })
}

// loopPart returns the dependence of a part of a Scan's output.
func (a *timeAnalysis) loopPart(parts []dependence, o *Op) dependence {
	cut, ok := o.Def.(Slice)
	s, _ := defOf(o.In[0]).(*Scan)
	if !ok || s == nil {
		return dependence{mixed: true}
	}
	part, from, to := s.PartOf(cut)
	if part < 0 || part >= len(s.States) && to-from != s.Steps {
		return dependence{mixed: true}
	}
	return parts[part]
}
