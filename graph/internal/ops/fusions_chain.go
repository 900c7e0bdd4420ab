package ops

import (
	"slices"

	"github.com/nndiy/nndiy/internal/tensors"
)

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

// normalized matches a chain of a normalized value that nothing else uses, and of other values of its size or of one element.
func (l *lowering) normalized(n *Node) *fusion {
	f := l.chain(n)
	if f == nil {
		return nil
	}
	for i, in := range f.in {
		root := unshaped(in)
		if Of(root) == nil || !l.usedOnce(in) || !l.usedOnce(root) || !slices.Equal(Shape(in), Shape(n)) {
			continue
		}
		d := Of(root).Def
		switch d.(type) {
		case Normalize, GroupNorm, GroupNormGrad:
		default:
			continue
		}
		others := slices.Delete(slices.Clone(f.in), i, i+1)
		if slices.ContainsFunc(others, func(x *Node) bool { return !slices.Equal(Shape(x), Shape(n)) && tensors.Size(Shape(x)) != 1 }) {
			return nil
		}
		after := f.def.(Chain)
		first := func(a int) int { // input i becomes the first one
			switch {
			case a == i:
				return 0
			case a < i:
				return a + 1
			}
			return a
		}
		for k, link := range after.Links {
			after.Links[k].Args = [2]int{first(link.Args[0]), first(link.Args[1])}
		}
		inside := append(f.inside, root)
		if in != root {
			inside = append(inside, in)
		}
		return &fusion{def: normalizedThen(d, after), in: append(slices.Clone(Of(root).In), others...), inside: inside}
	}
	return nil
}

// normalizedThen returns the op that computes a chain after a normalization or its derivative.
func normalizedThen(d Def, after Chain) Def {
	switch d := d.(type) {
	case GroupNorm:
		d.after = after
		return d
	case GroupNormGrad:
		d.after = after
		return d
	}
	return NormalizeChain{d.(Normalize), after}
}
