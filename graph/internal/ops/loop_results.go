package ops

import "slices"

// results adds the Scan, if there is anything to compute in it, and returns the nodes of its results.
func (b *loopBuilder) results() (final, outs []*Node, err error) {
	s := &Scan{Body: b.body, Steps: b.Steps, Reverse: b.Reverse, Recompute: b.Recompute}
	outs = make([]*Node, len(b.Outs))
	finish := make([]func(n *Node) *Node, len(b.Outs)) // makes the result from the Scan's node
	for i, n := range b.Outs {
		if stack := b.stacks[n]; stack != nil {
			outs[i] = stack
			continue
		}
		if b.kinds[n] == constantInTime {
			x := b.constant(n)
			if outs[i], err = b.g.BroadcastTo(x, append([]int{b.Steps}, Shape(x)...)); err != nil {
				return nil, nil, err
			}
			continue
		}
		m := b.inside[n]
		trail := func(k, first int) {
			s.stackOf(b.body.States[k])
			finish[i] = func(n *Node) *Node { return s.trail(b.g, n, k, first) }
		}
		if k := slices.Index(b.body.States, m); k >= 0 {
			trail(k, s.before())
		} else if k := slices.Index(b.body.Next, m); k >= 0 {
			trail(k, s.after())
		} else {
			j := s.stackOf(m)
			finish[i] = func(n *Node) *Node { return s.stack(b.g, n, j) }
		}
	}
	if len(s.States)+len(s.Outs) == 0 {
		return nil, outs, nil
	}
	n, err := b.g.Apply(s, slices.Concat(b.Init, b.inputs.xs, b.inputs.captures)...)
	if err != nil {
		return nil, nil, err
	}
	s = Of(n).Def.(*Scan) // an equal one, if there was one
	for i := range s.States {
		final = append(final, s.final(b.g, n, i))
	}
	for i, f := range finish {
		if f != nil {
			outs[i] = f(n)
		}
	}
	return final, outs, nil
}

// stackOf returns the index of a node in Outs, to which it is added if necessary.
func (s *Scan) stackOf(n *Node) int {
	if j := slices.Index(s.Outs, n); j >= 0 {
		return j
	}
	s.Outs = append(s.Outs, n)
	return len(s.Outs) - 1
}
