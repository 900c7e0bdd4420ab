package ops

import (
	"fmt"
	"slices"
	"strings"
)

// scan returns the dependence of a Scan, from an analysis of its body. A state has one dependence in all steps: that of its
// initial value, or if that is the same for all rows, the one that a step gives it.
func (a *rowAnalysis) scan(s *Scan, o *Op) dependence {
	mixed := dependence{mixed: true, parts: slices.Repeat([]dependence{{mixed: true}}, len(s.States)+len(s.Outs))}
	states := make([]dependence, len(s.States))
	for i := range states {
		states[i] = a.outer(o.In[i])
	}
	for range 2*len(states) + 1 {
		body, ok := a.step(s, o, states)
		if !ok {
			return mixed
		}
		stable := true
		for i, n := range s.Next {
			after := body.outer(n)
			joined, ok := join(states[i], after)
			if !ok {
				return mixed
			}
			stable = stable && joined.stride == states[i].stride && slices.Equal(joined.repeats, states[i].repeats)
			states[i] = joined
		}
		if !stable {
			continue
		}
		d := dependence{mixed: true, parts: slices.Clone(states)}
		for _, n := range s.Outs {
			d.parts = append(d.parts, a.stacked(body.outer(n), sizeOf(n)))
		}
		return d
	}
	return mixed
}

// outer returns the dependence of a node, with the strides along which a constant repeats.
func (a *rowAnalysis) outer(n *Node) dependence {
	d := a.of[n]
	if d.stride == 0 && !d.mixed {
		d.repeats = a.candidates(n)
	}
	return d
}

// join returns the dependence of a value that has one of two dependences.
func join(a, b dependence) (dependence, bool) {
	switch {
	case a.mixed || b.mixed:
		return a, false
	case a.stride == b.stride && a.stride > 0:
		return a, true
	case a.stride > 0:
		return a, slices.Contains(b.repeats, a.stride)
	case b.stride > 0:
		return dependence{stride: b.stride}, slices.Contains(a.repeats, b.stride)
	}
	both := slices.DeleteFunc(slices.Clone(a.repeats), func(s int) bool { return !slices.Contains(b.repeats, s) })
	return dependence{repeats: both}, true
}

// step analyzes one step. ok is false if an element of a sequence does not have all rows.
func (a *rowAnalysis) step(s *Scan, o *Op, states []dependence) (*rowAnalysis, bool) {
	body := &rowAnalysis{batch: a.batch, of: map[*Node]dependence{}, noise: a.noise}
	for i, n := range s.States {
		body.of[n] = states[i]
	}
	in := o.In[len(states):]
	for j, n := range s.Xs {
		d := a.outer(in[j])
		if d.mixed || a.stacked(d, sizeOf(n)).mixed {
			return nil, false
		}
		body.of[n] = d
	}
	for j, n := range s.Captures {
		body.of[n] = a.outer(in[len(s.Xs)+j])
	}
	for _, n := range Needed(s.roots()...) {
		if _, ok := body.of[n]; !ok {
			body.of[n] = body.node(n)
		}
	}
	return body, true
}

// stacked returns the dependence of a stack of values with the dependence d, of the given size: the same, if each value has all
// rows.
func (a *rowAnalysis) stacked(d dependence, size int) dependence {
	if d.stride > 0 && size%(d.stride*a.batch) != 0 {
		return dependence{mixed: true}
	}
	d.repeats = slices.DeleteFunc(slices.Clone(d.repeats), func(s int) bool { return size%(s*a.batch) != 0 })
	return d
}

// scanPart returns the dependence of a part of a Scan's output.
func (a *rowAnalysis) scanPart(parts []dependence, o *Op) dependence {
	cut, ok := o.Def.(Slice)
	s, _ := defOf(o.In[0]).(*Scan)
	if !ok || s == nil {
		return dependence{mixed: true}
	}
	if part, _, _ := s.PartOf(cut); part >= 0 {
		return parts[part]
	}
	return dependence{mixed: true}
}

// PartOf returns the part of the output that a Slice is from, counted from the final states on, and the slots of it; part is -1
// for any other Slice. The slots of a part are one final state, the values of one of Outs by time, or those of a trail: if s is not
// in reverse, slot 0 is before the first step, and slot t + 1 is after step t; otherwise slot t is after step t, and the last one is
// before the first step.
func (s *Scan) PartOf(cut Slice) (part, from, to int) {
	finals, outs, _ := s.layout()
	for i, p := range slices.Concat(finals, outs) {
		if p.at <= cut.From && cut.To <= p.end() && (cut.From-p.at)%p.slot == 0 && (cut.To-p.at)%p.slot == 0 {
			return i, (cut.From - p.at) / p.slot, (cut.To - p.at) / p.slot
		}
	}
	return -1, 0, 0
}

func first(nodes []*Node) *Node {
	if len(nodes) == 0 {
		return nil
	}
	return nodes[0]
}

// valueOf is the function valueOf for a Scan.
func (s *Scan) valueOf(size sizing) string {
	steps := fmt.Sprint(s.Steps)
	if size.steps {
		steps = size.size(s.Steps)
	}
	var b strings.Builder
	number := map[*Node]int{}
	for _, n := range slices.Concat(s.States, s.Xs, s.Captures) {
		number[n] = len(number)
	}
	fmt.Fprint(&b, "Scan ", steps, s.Reverse, len(s.States), len(s.Xs))
	for _, n := range Needed(s.roots()...) {
		if o := Of(n); o != nil {
			number[n] = len(number)
			fmt.Fprintf(&b, "; %T %s", o.Def, size.valueOf(o))
			for _, in := range o.In {
				fmt.Fprint(&b, " ", number[in])
			}
		}
	}
	for _, n := range s.roots() {
		fmt.Fprint(&b, " ", number[n])
	}
	return b.String()
}
