package ops

import "slices"

// Plain returns the expression with attention as products and softmaxes of all scores; it returns e if that has none.
func (e *Expression) Plain() (*Expression, error) {
	nodes := e.Nodes()
	i := slices.IndexFunc(nodes, func(n *Node) bool { return Of(n) != nil && attends(Of(n).Def) })
	if i < 0 {
		return e, nil
	}
	p := plainCopy{NewGraph(Of(nodes[i]).DType), map[*Node]*Node{}}
	for _, n := range nodes {
		if err := p.add(n); err != nil {
			return nil, err
		}
	}
	return &Expression{p.named(e.Inputs), p.named(e.Params), p.named(e.Outputs)}, nil
}

// attends reports whether an op is attention.
func attends(d Def) bool {
	switch d.(type) {
	case Attention, AttentionGrad:
		return true
	}
	return false
}

// A plainCopy is a copy of a graph under construction.
type plainCopy struct {
	g  *Graph
	to map[*Node]*Node
}

// add adds the copy of a node, whose inputs are copied.
func (p plainCopy) add(n *Node) (err error) {
	o := Of(n)
	if o == nil {
		p.to[n] = p.g.Input(n.Name(), Shape(n))
		return nil
	}
	in := make([]*Node, len(o.In))
	for i, x := range o.In {
		in[i] = p.to[x]
	}
	p.g.Where = o.Where
	switch d := o.Def.(type) {
	case Attend: // only attention reads it
	case Attention:
		p.to[n] = d.plain(p.g, in[1:])
	case AttentionGrad:
		p.to[n] = d.plain(p.g, in)
	default:
		p.to[n], err = p.g.Apply(d, in...)
	}
	return err
}

// named returns the copies of named nodes.
func (p plainCopy) named(list []Named) []Named {
	list = slices.Clone(list)
	for i, x := range list {
		if p.to[x.Node] == nil { // an input that nothing uses
			p.to[x.Node] = p.g.Input(x.Node.Name(), Shape(x.Node))
		}
		list[i].Node = p.to[x.Node]
	}
	return list
}
