package ops

import "slices"

// A scanPlan says how a Scan of the original graph is lowered.
type scanPlan struct {
	longer *Node // a Scan that computes the same and more, if that is needed too; else nil
	live   *scanLive
}

// A scanLive says which results of a Scan are needed, and which states for them.
type scanLive struct {
	finals, outs, states []bool
}

// planScans finds out which results of the Scans are needed. The Scans that stack more than another one, for its derivative,
// take its place.
func (l *lowering) planScans(order []*Node) {
	l.scans = map[*Node]*scanPlan{}
	var longest []*Node
	for _, n := range slices.Backward(order) {
		s, ok := defOf(n).(*Scan)
		if !ok {
			continue
		}
		p := &scanPlan{}
		if i := slices.IndexFunc(longest, func(m *Node) bool { return s.isPrefix(n, m) }); i >= 0 {
			p.longer = longest[i]
			l.need(n, l.scans[p.longer].live, Of(p.longer).Def.(*Scan))
		} else {
			longest = append(longest, n)
			p.live = &scanLive{make([]bool, len(s.States)), make([]bool, len(s.Outs)), make([]bool, len(s.States))}
			l.need(n, p.live, s)
		}
		l.scans[n] = p
	}
	for _, n := range longest {
		Of(n).Def.(*Scan).needStates(l.scans[n].live)
	}
}

// isPrefix reports whether the Scan m computes what n, with the Def s, computes, and has it at the same places.
func (s *Scan) isPrefix(n, m *Node) bool {
	t := Of(m).Def.(*Scan)
	return t.Body == s.Body && t.Steps == s.Steps && t.Reverse == s.Reverse && len(s.Outs) <= len(t.Outs) &&
		slices.Equal(s.Outs, t.Outs[:len(s.Outs)]) && slices.Equal(Of(n).In, Of(m).In)
}

// need marks the results of s that the users of n read.
func (l *lowering) need(n *Node, live *scanLive, s *Scan) {
	finals, outs, size := s.layout()
	mark := func(from, to int) {
		touches := func(p segment) bool { return from < p.end() && p.at < to }
		for i, p := range finals {
			live.finals[i] = live.finals[i] || touches(p)
		}
		for j, p := range outs {
			live.outs[j] = live.outs[j] || touches(p)
		}
	}
	if l.keep[n] {
		mark(0, size)
	}
	for _, u := range l.users[n] {
		if d, ok := Of(u).Def.(Slice); ok {
			mark(d.From, d.To)
		} else {
			mark(0, size)
		}
	}
}

// needStates marks the states that the needed results depend on.
func (s *Scan) needStates(live *scanLive) {
	for again := true; again; {
		again = false
		var roots []*Node
		for i := range s.States {
			if live.finals[i] || live.states[i] {
				live.states[i] = true
				roots = append(roots, s.Next[i])
			}
		}
		for j, n := range s.Outs {
			if live.outs[j] {
				roots = append(roots, n)
			}
		}
		for _, n := range Needed(roots...) {
			if i := slices.Index(s.States, n); i >= 0 && !live.states[i] {
				live.states[i], again = true, true
			}
		}
	}
}

// lowerScan adds the op for the Scan n, or a view of a longer one.
func (l *lowering) lowerScan(n *Node, p *scanPlan) *Node {
	o := Of(n)
	if p.longer == nil {
		s := *o.Def.(*Scan)
		s.live = p.live
		return l.add(&s, o, o.In)
	}
	if l.done[p.longer] == nil {
		l.done[p.longer] = l.lowerScan(p.longer, l.scans[p.longer])
		Of(l.done[p.longer]).Phase = o.Phase
	}
	return l.add(Slice{0, 0, o.Shape[0]}, o, []*Node{p.longer})
}
