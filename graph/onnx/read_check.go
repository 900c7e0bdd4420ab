package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// check returns an error for a node that cannot be computed: an unknown operator or attribute, or an input that no earlier
// node computes.
func (n *Network) check() error {
	known := map[string]bool{}
	for _, in := range n.inputs {
		if known[in.name] {
			return fmt.Errorf("input %.64q: got this name twice, want unique names", in.name)
		}
		known[in.name] = true
	}
	for name := range n.tensors {
		known[name] = true
	}
	_, err := checkNodes(n.nodes, n.outputs, known)
	return err
}

// checkNodes checks the nodes and the outputs of a graph. It adds the names of the nodes' outputs to known, and returns them. Those that
// are not supported are false in known: files name outputs that nothing uses, such as the statistics of a batch normalization.
func checkNodes(nodes []proto.Node, outputs []string, known map[string]bool) (names []string, err error) {
	for i := range nodes {
		node := &nodes[i]
		if err := checkNode(node, known); err != nil {
			return nil, fmt.Errorf("%s: %w", place(node), err)
		}
		for k, name := range node.Outputs {
			if _, twice := known[name]; twice && name != "" {
				return nil, fmt.Errorf("%s: got output %.64q twice, want unique names", place(node), name)
			}
			known[name] = k < max(operators[node.Operator].outputs, 1)
			names = append(names, name)
		}
	}
	for _, name := range outputs {
		if supported, ok := known[name]; !ok {
			return nil, fmt.Errorf("output %.64q: got no node that computes it, want one", name)
		} else if !supported {
			return nil, fmt.Errorf("output %.64q: %s", name, wantUnused)
		}
	}
	return names, nil
}

const wantUnused = "got an output of a node that is not supported, want no use of it"

// checkGraph checks a graph that is an attribute of a node. Its names are known only inside it.
func checkGraph(g *proto.Graph, known map[string]bool) error {
	var inputs, outputs []string
	for _, v := range g.Inputs {
		if _, twice := known[v.Name]; twice {
			return fmt.Errorf("input %.64q: got this name twice, want unique names", v.Name)
		}
		known[v.Name] = true
		inputs = append(inputs, v.Name)
	}
	for _, v := range g.Outputs {
		outputs = append(outputs, v.Name)
	}
	names, err := checkNodes(g.Nodes, outputs, known)
	for _, name := range append(names, inputs...) {
		delete(known, name)
	}
	return err
}

func checkNode(node *proto.Node, known map[string]bool) error {
	o, ok := operators[node.Operator]
	switch {
	case !isStandard(node.Domain):
		return fmt.Errorf("got domain %.64q, want an operator of the standard domain ai.onnx", node.Domain)
	case !ok:
		return errors.New("got an unsupported operator")
	case len(node.Inputs) < o.least || len(node.Inputs) > o.most:
		return fmt.Errorf("got %d inputs, want %d to %d", len(node.Inputs), o.least, o.most)
	}
	for _, name := range node.Inputs {
		if supported, ok := known[name]; name != "" && !ok {
			return fmt.Errorf("got input %.64q, want an output of an earlier node, an initializer or an input of the network", name)
		} else if name != "" && !supported {
			return fmt.Errorf("input %.64q: %s", name, wantUnused)
		}
	}
	settings := strings.Fields(o.attributes)
	for i, a := range node.Attributes {
		if !slices.Contains(settings, a.Name) {
			return fmt.Errorf("got unsupported attribute %.64q", a.Name)
		}
		if a.Reference != "" {
			return fmt.Errorf("attribute %.64s: got a reference to an attribute of a function, want a value", a.Name)
		}
		if slices.ContainsFunc(node.Attributes[:i], func(b proto.Attribute) bool { return a.Name == b.Name }) {
			return fmt.Errorf("got attribute %.64q twice, want it once", a.Name)
		}
		if a.Kind == proto.Nested {
			if err := checkGraph(a.Graph, known); err != nil {
				return fmt.Errorf("attribute %.64s: %w", a.Name, err)
			}
		}
	}
	return nil
}

// place returns the name of a node for errors.
func place(node *proto.Node) string {
	name := node.Name
	if name == "" {
		name = node.Outputs[0]
	}
	return fmt.Sprintf("%.64s (%.64s)", name, node.Operator)
}
