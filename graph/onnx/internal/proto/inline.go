package proto

import (
	"errors"
	"fmt"
	"slices"
)

// Inline replaces calls of the model's functions by their nodes. Their number is limited in proportion to the size of the file.
func (m *Model) Inline(size int) error {
	if len(m.Functions) == 0 {
		return nil
	}
	in := &inliner{functions: map[[2]string]*Function{}, left: 1<<16 + size/8}
	for i := range m.Functions {
		f := &m.Functions[i]
		key := [2]string{f.Domain, f.Name}
		if in.functions[key] != nil {
			return fmt.Errorf("function %.64q: got this name twice, want unique names", f.Name)
		}
		for _, o := range f.Opsets {
			for _, own := range m.Opsets {
				if isStandard(o.Domain) && isStandard(own.Domain) && o.Version != own.Version {
					return fmt.Errorf("function %.64q: got opset %d, want %d as in the model", f.Name, o.Version, own.Version)
				}
			}
		}
		in.functions[key] = f
	}
	nodes, err := in.nodes(m.Graph.Nodes, 0)
	m.Graph.Nodes, m.Functions = nodes, nil
	return err
}

func isStandard(domain string) bool { return domain == "" || domain == "ai.onnx" }

// An inliner replaces calls. It gives the values of each call names of their own.
type inliner struct {
	functions map[[2]string]*Function
	calls     int
	left      int // nodes
}

func (in *inliner) nodes(list []Node, depth int) ([]Node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("got functions called from %d others, want at most %d", depth, maxDepth)
	}
	var out []Node
	for i := range list {
		node := list[i]
		for k := range node.Attributes {
			if g := node.Attributes[k].Graph; g != nil {
				nodes, err := in.nodes(g.Nodes, depth)
				if err != nil {
					return nil, err
				}
				g.Nodes = nodes
			}
		}
		f := in.functions[[2]string{node.Domain, node.Operator}]
		if f == nil {
			if in.left--; in.left < 0 {
				return nil, errors.New("got functions of more nodes than the file's size allows, want fewer")
			}
			out = append(out, node)
			continue
		}
		body, err := in.call(&node, f)
		if err == nil {
			body, err = in.nodes(body, depth+1)
		}
		if err != nil {
			return nil, fmt.Errorf("function %.64q: %w", f.Name, err)
		}
		out = append(out, body...)
	}
	return out, nil
}

// call returns the nodes of a function with the names and attributes of a call.
func (in *inliner) call(node *Node, f *Function) ([]Node, error) {
	if len(node.Inputs) > len(f.Inputs) || len(node.Outputs) > len(f.Outputs) {
		return nil, fmt.Errorf("got %d inputs and %d outputs, want at most %d and %d", len(node.Inputs), len(node.Outputs), len(f.Inputs), len(f.Outputs))
	}
	in.calls++
	names := map[string]string{}
	for i, name := range f.Inputs {
		names[name] = ""
		if i < len(node.Inputs) {
			names[name] = node.Inputs[i]
		}
	}
	var copies []Node // of inputs that are also outputs
	for i, name := range f.Outputs {
		if i >= len(node.Outputs) || node.Outputs[i] == "" {
			continue
		}
		if from, ok := names[name]; ok {
			copies = append(copies, Node{Operator: "Identity", Inputs: []string{from}, Outputs: []string{node.Outputs[i]}})
		} else {
			names[name] = node.Outputs[i]
		}
	}
	c := &copier{names: names, prefix: fmt.Sprintf("%.64s:%d:", f.Name, in.calls), node: node, f: f, left: &in.left}
	body, err := c.nodes(f.Nodes)
	return append(body, copies...), err
}

// A copier copies the nodes of a function for one call.
type copier struct {
	names  map[string]string
	prefix string
	node   *Node
	f      *Function
	left   *int
}

func (c *copier) name(s string) string {
	if s == "" {
		return ""
	}
	if to, ok := c.names[s]; ok {
		return to
	}
	c.names[s] = c.prefix + s
	return c.names[s]
}

func (c *copier) nodes(list []Node) ([]Node, error) {
	if *c.left -= len(list); *c.left < 0 {
		return nil, errors.New("got functions of more nodes than the file's size allows, want fewer")
	}
	out := make([]Node, len(list))
	for i, n := range list {
		n.Inputs, n.Outputs = slices.Clone(n.Inputs), slices.Clone(n.Outputs)
		for k, s := range n.Inputs {
			n.Inputs[k] = c.name(s)
		}
		for k, s := range n.Outputs {
			n.Outputs[k] = c.name(s)
		}
		attributes := n.Attributes
		n.Attributes = nil
		for _, a := range attributes {
			if a.Reference != "" {
				from := c.attribute(a.Reference)
				if from == nil {
					continue // the operator's default
				}
				name := a.Name
				a = *from
				a.Name = name
			} else if a.Graph != nil {
				g := *a.Graph
				var err error
				g.Inputs, g.Outputs = c.values(g.Inputs), c.values(g.Outputs)
				g.Initializers = slices.Clone(g.Initializers)
				for k := range g.Initializers {
					g.Initializers[k].Name = c.name(g.Initializers[k].Name)
				}
				if g.Nodes, err = c.nodes(g.Nodes); err != nil {
					return nil, err
				}
				a.Graph = &g
			}
			n.Attributes = append(n.Attributes, a)
		}
		out[i] = n
	}
	return out, nil
}

func (c *copier) values(list []Value) []Value {
	list = slices.Clone(list)
	for i := range list {
		list[i].Name = c.name(list[i].Name)
	}
	return list
}

// attribute returns the call's attribute, or the function's default.
func (c *copier) attribute(name string) *Attribute {
	for _, list := range [][]Attribute{c.node.Attributes, c.f.Defaults} {
		for i := range list {
			if list[i].Name == name {
				return &list[i]
			}
		}
	}
	return nil
}
