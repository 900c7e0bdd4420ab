package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// check finds nodes that can't be computed: of unknown operators or settings, or of values that no node before makes.
func (n *Network) check() error {
	known := map[string]bool{}
	for _, in := range n.inputs {
		if known[in.name] {
			return fmt.Errorf("input %.64q: got the name twice", in.name)
		}
		known[in.name] = true
	}
	for name := range n.tensors {
		known[name] = true
	}
	for i := range n.nodes {
		node := &n.nodes[i]
		if err := n.checkNode(node, known); err != nil {
			return fmt.Errorf("%s: %w", place(node), err)
		}
		for _, name := range node.Outputs {
			if name != "" && known[name] {
				return fmt.Errorf("%s: got the output %.64q, which is there already", place(node), name)
			}
			known[name] = true
		}
	}
	for _, name := range n.outputs {
		if !known[name] {
			return fmt.Errorf("output %.64q: no node makes it", name)
		}
	}
	return nil
}

func (n *Network) checkNode(node *proto.Node, known map[string]bool) error {
	o, ok := operators[node.Operator]
	switch {
	case !isStandard(node.Domain):
		return fmt.Errorf("got domain %.64q, want an operator of ONNX's own", node.Domain)
	case !ok:
		return errors.New("the operator is not supported")
	case len(node.Inputs) < o.least || len(node.Inputs) > o.most:
		return fmt.Errorf("got %d inputs, want %d to %d", len(node.Inputs), o.least, o.most)
	}
	for _, name := range node.Inputs {
		if name != "" && !known[name] {
			return fmt.Errorf("got the input %.64q, which no node before it makes", name)
		}
	}
	for i, name := range node.Outputs {
		if name != "" && i >= max(o.outputs, 1) {
			return fmt.Errorf("output %d is not supported", i+1)
		}
	}
	settings := strings.Fields(o.attributes)
	for i, a := range node.Attributes {
		if !slices.Contains(settings, a.Name) {
			return fmt.Errorf("attribute %.64q is not supported", a.Name)
		}
		if slices.ContainsFunc(node.Attributes[:i], func(b proto.Attribute) bool { return a.Name == b.Name }) {
			return fmt.Errorf("got attribute %.64q twice", a.Name)
		}
	}
	return nil
}

// place names a node in errors.
func place(node *proto.Node) string {
	name := node.Name
	if name == "" {
		name = node.Outputs[0]
	}
	return fmt.Sprintf("%.64s (%.64s)", name, node.Operator)
}
