package ops

import (
	"slices"
)

// Unrolled returns the expression with the operations of each step in place of loops, and with products and softmaxes in place of
// attention. Tests compare loops and attention to it.
func (e *Expression) Unrolled() *Expression {
	if !slices.ContainsFunc(e.Nodes(), func(n *Node) bool { return compound(defOf(n)) }) {
		return e
	}
	var g *Graph
	for _, n := range e.Nodes() {
		if o := Of(n); o != nil {
			g = NewGraph(o.DType)
			break
		}
	}
	u := unroller{g, map[*Node]*Node{}, map[*Node][]*Node{}}
	u.copy(e.Nodes())
	renamed := func(list []Named) (out []Named) {
		for _, n := range list {
			if u.to[n.Node] == nil {
				u.copy([]*Node{n.Node})
			}
			out = append(out, Named{n.Name, u.to[n.Node], n.Trained})
		}
		return out
	}
	return &Expression{renamed(e.Inputs), renamed(e.Params), renamed(e.Outputs)}
}

// compound reports whether Unrolled writes an op as several ones.
func compound(d Def) bool {
	switch d.(type) {
	case *Scan, Attention, AttentionGrad:
		return true
	}
	return false
}

// An unroller copies nodes to another graph.
type unroller struct {
	g     *Graph
	to    map[*Node]*Node
	parts map[*Node][]*Node // of a Scan: the final states, then the stacks, each with one dimension
}

// copy copies nodes, which come inputs before outputs.
func (u *unroller) copy(nodes []*Node) {
	g := u.g
	for _, n := range nodes {
		o := Of(n)
		if u.to[n] != nil {
			continue
		}
		if o == nil {
			u.to[n] = g.Input(n.Name(), Shape(n))
			continue
		}
		g.Where = o.Where
		switch d := o.Def.(type) {
		case *Scan:
			u.parts[n] = u.unroll(d, o)
			continue
		case Attend: // only attention reads it
			continue
		case Attention:
			u.to[n] = d.plain(g, u.inputs(o)[1:])
			continue
		case AttentionGrad:
			u.to[n] = d.plain(g, u.inputs(o))
			continue
		case Slice:
			if parts := u.parts[o.In[0]]; parts != nil {
				u.to[n] = u.part(Of(o.In[0]).Def.(*Scan), parts, d)
				continue
			}
		case Reshape:
			u.to[n] = g.Reshaped(u.to[o.In[0]], o.Shape)
			continue
		}
		u.to[n] = g.Must(o.Def, u.inputs(o)...)
	}
}

func (u *unroller) inputs(o *Op) []*Node {
	in := make([]*Node, len(o.In))
	for i, x := range o.In {
		in[i] = u.to[x]
	}
	return in
}

// unroll returns the final states and the stacks of a Scan, each with one dimension.
func (u *unroller) unroll(s *Scan, o *Op) []*Node {
	g, in := u.g, u.inputs(o)
	states, xs, captures := slices.Clone(in[:len(s.States)]), in[len(s.States):][:len(s.Xs)], in[len(s.States)+len(s.Xs):]
	stacks := make([][]*Node, len(s.Outs))
	stack := func(j int, n *Node) { stacks[j] = append(stacks[j], g.Reshaped(n, []int{sizeOf(n)})) }
	trails := func() {
		for j, n := range s.Outs {
			if i := slices.Index(s.States, n); i >= 0 {
				stack(j, states[i])
			}
		}
	}
	trails()
	for t := range s.Steps {
		if s.Reverse {
			t = s.Steps - 1 - t
		}
		outer := u.to
		u.to = map[*Node]*Node{}
		for i, n := range s.States {
			u.to[n] = states[i]
		}
		for i, n := range s.Xs {
			u.to[n] = g.Reshaped(g.Must(Slice{0, t, t + 1}, xs[i]), Shape(n))
		}
		for i, n := range s.Captures {
			u.to[n] = captures[i]
		}
		u.copy(Needed(s.roots()...))
		for i, n := range s.Next {
			states[i] = u.to[n]
		}
		for j, n := range s.Outs {
			if !slices.Contains(s.States, n) {
				stack(j, u.to[n])
			}
		}
		u.to = outer
		trails()
	}
	var parts []*Node
	for _, n := range states {
		parts = append(parts, g.Reshaped(n, []int{sizeOf(n)}))
	}
	for _, list := range stacks {
		if s.Reverse {
			slices.Reverse(list)
		}
		parts = append(parts, g.Must(Concat{}, list...))
	}
	return parts
}

// part returns elements of the output of a Scan with the given parts.
func (u *unroller) part(s *Scan, parts []*Node, cut Slice) *Node {
	finals, outs, _ := s.layout()
	for i, p := range slices.Concat(finals, outs) {
		if p.at <= cut.From && cut.To <= p.end() {
			return u.g.cut(parts[i], cut.From-p.at, cut.To-p.at)
		}
	}
	panic("ops: Unrolled: got a slice across parts of a Scan, want one of a part")
}
