package ops

import "slices"

// Plain returns the expression with products and softmaxes of all scores in place of attention, in the steps of loops too. It returns e
// if that has none.
func (e *Expression) Plain() *Expression {
	if !attends(e.Nodes()) {
		return e
	}
	p := plainCopy{to: map[*Node]*Node{}}
	for _, n := range e.Nodes() {
		if o := Of(n); o != nil {
			p.g = NewGraph(o.DType)
			break
		}
	}
	for _, n := range e.Nodes() {
		p.add(n)
	}
	named := func(list []Named) (out []Named) {
		for _, x := range list {
			p.add(x.Node) // an input that nothing uses
			out = append(out, Named{x.Name, p.to[x.Node], x.Trained})
		}
		return out
	}
	return &Expression{named(e.Inputs), named(e.Params), named(e.Outputs)}
}

// attends reports whether a node is attention, or a loop with attention in its steps.
func attends(nodes []*Node) bool {
	return slices.ContainsFunc(nodes, func(n *Node) bool {
		switch d := defOf(n).(type) {
		case Attention, AttentionGrad:
			return true
		case *Scan:
			return attends(Needed(d.roots()...))
		}
		return false
	})
}

// A plainCopy is a copy of a graph under construction.
type plainCopy struct {
	g  *Graph
	to map[*Node]*Node
}

// add adds the copy of a node, whose inputs are copied.
func (p plainCopy) add(n *Node) {
	if p.to[n] != nil {
		return
	}
	o := Of(n)
	if o == nil {
		p.to[n] = p.g.Input(n.Name(), Shape(n))
		return
	}
	in := p.all(o.In)
	p.g.Where = o.Where
	switch d := o.Def.(type) {
	case Attend: // only attention reads it
	case Attention:
		p.to[n] = d.plain(p.g, in[1:])
	case AttentionGrad:
		p.to[n] = d.plain(p.g, in)
	case *Scan:
		p.to[n] = p.g.Must(d.plain(), in...)
	default:
		p.to[n] = p.g.Must(o.Def, in...)
	}
}

// all returns the copies of nodes.
func (p plainCopy) all(list []*Node) []*Node {
	copies := make([]*Node, len(list))
	for i, n := range list {
		copies[i] = p.to[n]
	}
	return copies
}

// plain returns the loop without attention in its steps.
func (s *Scan) plain() *Scan {
	nodes := Needed(s.roots()...)
	if !attends(nodes) {
		return s
	}
	p := plainCopy{NewGraph(s.Graph.DType), map[*Node]*Node{}}
	for _, n := range slices.Concat(s.States, s.Xs, s.Captures, nodes) {
		p.add(n)
	}
	plain := *s
	plain.Body = &Body{p.g, p.all(s.States), p.all(s.Xs), p.all(s.Captures), p.all(s.Next)}
	plain.Outs = p.all(s.Outs)
	return &plain
}
