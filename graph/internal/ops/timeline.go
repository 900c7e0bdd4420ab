package ops

import (
	"fmt"
	"reflect"

	"github.com/nndiy/nndiy/internal/tensors"
)

// A Timeline describes the time in the graph of a piece of a sequence, to find out whether the outputs stay the same if the
// sequence is cut into other pieces. Steps is the length of the piece, a prime number that no other dimension has.
type Timeline struct {
	Steps  int
	Inputs map[*Node]int // the axis of the time of each input that has it
	Past   map[*Node]int // Concats, along the time, of the last steps before the piece, and how many these are
	Before map[*Node]int // Concats, along the time, of all steps before the piece, and how many these are

	a *timeAnalysis
}

// A TimelineError is about an op for which outputs depend on how a sequence is cut.
type TimelineError struct {
	Where, Op string
	Reason    string
}

// Error implements error.
func (e *TimelineError) Error() string {
	if e.Op == "" {
		return e.Reason
	}
	return fmt.Sprintf("got the operation %s, %s", e.Op, e.Reason)
}

const mixesTime = "which mixes time steps, or is not known to keep them apart"

func timelineError(o *Op, reason string) error {
	if o == nil {
		return &TimelineError{Reason: reason}
	}
	return &TimelineError{Where: o.Where, Op: reflect.Indirect(reflect.ValueOf(o.Def)).Type().Name(), Reason: reason}
}

// Check returns a TimelineError unless each step of the outputs depends only on that step of the inputs and on earlier ones, by
// the loops over time and the nodes in Past and Before. What is not known of an op counts as steps that mix. An output
// without the time is the one after the last step.
func (t *Timeline) Check(outputs []*Node) error {
	a := &timeAnalysis{rowAnalysis{batch: t.Steps, of: map[*Node]dependence{}, noise: map[uint64]bool{}}, t}
	t.a = a
	for n, axis := range t.Inputs {
		a.of[n] = dependence{stride: tensors.Size(Shape(n)[axis+1:])}
	}
	for _, n := range Needed(outputs...) {
		if _, ok := a.of[n]; ok {
			continue
		}
		d := a.node(n)
		if d.mixed && d.parts == nil {
			return timelineError(a.cause(n), mixesTime)
		}
		a.of[n] = d
	}
	for _, n := range outputs {
		d := a.of[n]
		switch {
		case d.stride > 0 && d.past == 0 && d.before == 0 && !a.whole(n, d.stride):
			return timelineError(Of(n), "whose result, an output, has the time as a part of a dimension")
		case d.past > 0 || d.before > 0 || d.stride == 0 && a.long(Shape(n)) && !a.even(n):
			return timelineError(Of(n), "whose result, an output, depends on the number of steps")
		}
	}
	return nil
}

// Along reports whether a node has the time as the given axis.
func (t *Timeline) Along(n *Node, axis int) bool {
	stride := t.a.of[n].stride
	d, inside, ok := t.a.axis(Shape(n), max(stride, 1))
	return stride > 0 && ok && d == axis && inside == 1
}

// Grows reports whether a node in Past or Before begins with steps before the piece: it does if its input has the time.
func (t *Timeline) Grows(n *Node) bool { d := t.a.of[n]; return d.past > 0 || d.before > 0 }

// A timeAnalysis finds dependences on the time. The "rows" of its rowAnalysis are the time steps.
type timeAnalysis struct {
	rowAnalysis
	t *Timeline
}

// long reports whether a shape has a dimension of all steps.
func (a *timeAnalysis) long(shape []int) bool {
	for _, n := range shape {
		if n%a.batch == 0 {
			return true
		}
	}
	return false
}

// even reports whether a node that does not depend on the steps is the same for all.
func (a *timeAnalysis) even(n *Node) bool { return len(a.candidates(n)) > 0 }

// whole reports whether the time is a dimension by itself.
func (a *timeAnalysis) whole(n *Node, stride int) bool {
	d, inside, ok := a.axis(Shape(n), stride)
	return ok && inside == 1 && Shape(n)[d] == a.batch
}

// cause returns the op to blame for a node: a Scan for its parts.
func (a *timeAnalysis) cause(n *Node) *Op {
	o := Of(n)
	if o != nil && len(o.In) > 0 && a.of[o.In[0]].parts != nil {
		return Of(o.In[0])
	}
	return o
}

// node returns the dependence of a node from those of its operands.
func (a *timeAnalysis) node(n *Node) dependence {
	o := Of(n)
	if o == nil {
		return dependence{} // a parameter
	}
	if steps, ok := a.t.Past[n]; ok {
		return a.longer(o, dependence{past: steps})
	}
	if steps, ok := a.t.Before[n]; ok {
		return a.longer(o, dependence{before: steps})
	}
	switch d := o.Def.(type) {
	case Random:
		return dependence{mixed: a.long(o.Shape)}
	case *Scan:
		return a.loop(d, o)
	}
	if parts := a.of[first(o.In)].parts; parts != nil {
		return a.loopPart(parts, o)
	}
	k := a.kinds(o.In)
	switch long := a.long(o.Shape); {
	case k.mixed, (k.timed || k.longer) && (k.last || k.uneven), k.last && (k.long || long):
		return dependence{mixed: true}
	case k.longer:
		return a.window(o, k)
	case k.last:
		return dependence{last: true}
	case k.timed:
		return a.apart(o, k)
	case k.long && !long:
		return dependence{mixed: true} // such as a sum over the steps
	}
	return a.rowAnalysis.node(n)
}

// kinds says what the operands of an op are.
type kinds struct {
	strides []int
	mixed   bool
	timed   bool // one has the time
	last    bool // one is the value after the last step
	longer  bool // one begins with earlier steps
	long    bool // one that has no time has a dimension of all steps
	uneven  bool // one of these is not the same for all steps
}

func (a *timeAnalysis) kinds(in []*Node) kinds {
	k := kinds{strides: make([]int, len(in))}
	for i, n := range in {
		d := a.of[n]
		switch {
		case d.mixed:
			k.mixed = true
		case d.past > 0 || d.before > 0:
			k.longer = true
		case d.last:
			k.last = true
		case d.stride > 0:
			k.timed, k.strides[i] = true, d.stride
		case a.long(Shape(n)):
			k.long = true
			k.uneven = k.uneven || !a.even(n)
		}
	}
	return k
}

// longer returns the dependence of a Concat of earlier steps and a piece: d, if its input has the time along the axis.
func (a *timeAnalysis) longer(o *Op, d dependence) dependence {
	c, ok := o.Def.(Concat)
	if !ok {
		return dependence{mixed: true}
	}
	x := o.In[1]
	switch in := a.of[x]; {
	case in.stride == 0 && Shape(x)[c.Axis] == a.batch && a.repeats(x, tensors.Size(Shape(x)[c.Axis+1:])): // such as a mask of ones
		d.stride = at(o.Shape, c.Axis, 1)
		return d
	case in.stride == 0:
		in.mixed = in.mixed || in.past > 0 || in.before > 0 || a.long(Shape(x))
		in.repeats = nil
		return in
	case !a.whole(x, in.stride):
		return dependence{mixed: true}
	default:
		axis, _, _ := a.axis(Shape(x), in.stride)
		if d.stride = at(o.Shape, axis, 1); axis != c.Axis {
			return dependence{stride: d.stride}
		}
		return d
	}
}
