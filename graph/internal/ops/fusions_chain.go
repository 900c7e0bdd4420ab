package ops

import "slices"

// chain matches every element-wise node, together with the nodes that it absorbs.
func (l *lowering) chain(n *Node) *fusion {
	if !isMap(n) {
		return nil
	}
	c := chainBuilder{l: l, number: map[*Node]int{}}
	c.build(n)
	return &fusion{def: c.chain(), in: c.inputs, inside: c.links[:len(c.links)-1]}
}

// A chainBuilder collects a node and the element-wise nodes that it absorbs.
type chainBuilder struct {
	l      *lowering
	inputs []*Node
	links  []*Node
	number map[*Node]int // of inputs and of links, each counted from 0
}

// build adds the node n, its absorbed arguments first, so that links come in the order in which they run.
func (c *chainBuilder) build(n *Node) {
	for _, in := range Of(n).In {
		in = c.l.source(in)
		if _, seen := c.number[in]; seen {
			continue
		}
		if c.l.inside[in] {
			c.build(in)
			continue
		}
		c.number[in] = len(c.inputs)
		c.inputs = append(c.inputs, in)
	}
	c.number[n] = len(c.links)
	c.links = append(c.links, n)
}

// chain returns the Chain of the collected nodes.
func (c *chainBuilder) chain() Chain {
	ch := Chain{Inputs: len(c.inputs)}
	for _, n := range c.links {
		o := Of(n)
		l := Link{Map: Map{Code: Copy}}
		if m, ok := o.Def.(Map); ok {
			l.Map = m
		}
		for i, in := range o.In {
			in = c.l.source(in)
			l.Args[i] = c.number[in]
			if slices.Contains(c.links, in) {
				l.Args[i] += ch.Inputs
			}
		}
		ch.Links = append(ch.Links, l)
	}
	return ch
}
