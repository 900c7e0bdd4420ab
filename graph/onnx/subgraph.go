package onnx

import (
	"fmt"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// each calls f with each node, and each node of the graphs in their attributes.
func each(list []proto.Node, f func(node *proto.Node)) {
	for i := range list {
		f(&list[i])
		for _, a := range list[i].Attributes {
			if a.Kind == proto.Nested {
				each(a.Graph.Nodes, f)
			}
		}
	}
}

// A namer gives the values of nested graphs names that no other value of the file has.
type namer struct {
	taken map[string]bool
	count map[string]int
	outer *names
}

// names are the names that a graph defines, and what they become.
type names struct {
	outer *names
	to    map[string]string
}

// newNamer returns a namer for the graphs inside g, whose own names stay.
func newNamer(g *proto.Graph) *namer {
	n := &namer{map[string]bool{}, map[string]int{}, nil}
	defined(g, func(name *string) { n.taken[*name] = true })
	return n
}

// defined calls f with the names that a graph defines.
func defined(g *proto.Graph, f func(name *string)) {
	for i := range g.Inputs {
		f(&g.Inputs[i].Name)
	}
	for i := range g.Initializers {
		f(&g.Initializers[i].Name)
	}
	for i := range g.Nodes {
		for k := range g.Nodes[i].Outputs {
			f(&g.Nodes[i].Outputs[k])
		}
	}
}

// nested renames the values of the graphs inside g, the outer ones first, and calls f with each.
func (n *namer) nested(g *proto.Graph, f func(inner *proto.Graph) error) error {
	for i := range g.Nodes {
		for _, a := range g.Nodes[i].Attributes {
			if a.Kind != proto.Nested {
				continue
			}
			n.outer = &names{n.outer, map[string]string{}}
			n.rename(a.Graph)
			err := f(a.Graph)
			if err == nil {
				err = n.nested(a.Graph, f)
			}
			n.outer = n.outer.outer
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// rename renames what the innermost graph g defines and uses.
func (n *namer) rename(g *proto.Graph) {
	own := n.outer.to
	defined(g, func(name *string) {
		to, ok := own[*name]
		if !ok {
			for to = *name; to != "" && n.taken[to]; {
				n.count[*name]++
				to = fmt.Sprintf("%s_%d", *name, n.count[*name]+1)
			}
			own[*name], n.taken[to] = to, true
		}
		*name = to
	})
	use := func(name *string) {
		for s := n.outer; s != nil; s = s.outer {
			if to, ok := s.to[*name]; ok {
				*name = to
				return
			}
		}
	}
	for i := range g.Nodes {
		for k := range g.Nodes[i].Inputs {
			use(&g.Nodes[i].Inputs[k])
		}
	}
	for i := range g.Outputs {
		use(&g.Outputs[i].Name)
	}
}

// body returns the graph in an attribute.
func (c *call) body(name string) *proto.Graph {
	a := c.attribute(name, proto.Nested)
	if a == nil {
		c.fail("attribute %s: got none, want a graph", name)
		return &proto.Graph{}
	}
	return a.Graph
}

// inside adds the nodes of a graph in an attribute to the scope, with the given values for its inputs. It returns a call whose inputs
// are the graph's outputs. steps is how often the nodes are computed.
func (c *call) inside(s *graph.Scope, g *proto.Graph, in []*value, steps int) *call {
	e := &emitter{Network: c.Network, s: s, input: c.input, values: map[string]*value{}, left: c.left, outer: c.emitter, steps: steps, looped: c.looped || c.node.Operator == "Scan"}
	for i, v := range in {
		e.values[g.Inputs[i].Name] = v
	}
	results := &call{emitter: e, node: &proto.Node{}}
	if y := e.emitAll(g.Nodes); y.Err() != nil {
		results.err = y.Err()
	}
	for _, v := range g.Outputs {
		results.node.Inputs = append(results.node.Inputs, v.Name)
	}
	c.left = e.left
	return results
}
