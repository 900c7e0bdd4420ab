package onnx

import (
	"fmt"
	"math"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// setAliases makes an initializer of each Identity of one. Exporters write equal initializers once, so parameters of several
// layers that begin with the same values would be one, and running statistics no states.
func (n *Network) setAliases(size int) error {
	left := size + 1<<20 // bytes
	rest := n.nodes[:0]
	for i := range n.nodes {
		node := &n.nodes[i]
		if node.Operator != "Identity" || !isStandard(node.Domain) || len(node.Inputs) != 1 || len(node.Outputs) != 1 ||
			n.tensors[node.Inputs[0]] == nil || n.tensors[node.Outputs[0]] != nil || node.Outputs[0] == "" {
			rest = append(rest, *node)
			continue
		}
		alias := *n.tensors[node.Inputs[0]]
		if left -= len(alias.Raw); left < 0 {
			return fmt.Errorf("%s: got more copies of initializers than a file of this size may ask for", place(node))
		}
		alias.Name = node.Outputs[0]
		n.tensors[alias.Name] = &alias
	}
	n.nodes = rest
	return nil
}

// declared returns the number of elements, which is known to be at most maxElements.
func declared(dims []int64) int {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return int(n)
}

// maxSetting is the most elements of an initializer that is a setting.
const maxSetting = 8

// setFixed finds the initializers that are settings. An exponent may be a parameter if it is several numbers.
func (n *Network) setFixed() {
	for i := range n.nodes {
		node := &n.nodes[i]
		for _, k := range operators[node.Operator].settings {
			if k >= len(node.Inputs) {
				continue
			}
			t := n.tensors[node.Inputs[k]]
			if t == nil || t.Raw == nil || t.Size() > maxSetting || node.Operator == "Pow" && t.Size() != 1 {
				continue
			}
			if _, float := floatTypes[t.Type]; float {
				n.fixed[t.Name] = true
			}
		}
	}
}

// setStates finds the initializers that are not to be trained: those that the file says, running statistics, and those with
// elements that are no finite numbers, such as masks.
func (n *Network) setStates(metadata []proto.Property) error {
	for _, p := range metadata {
		if p.Key == statesKey {
			for name := range strings.SplitSeq(p.Value, "\n") {
				n.states[name] = true
			}
		}
	}
	for i := range n.nodes {
		if in := n.nodes[i].Inputs; n.nodes[i].Operator == "BatchNormalization" {
			n.states[in[3]], n.states[in[4]] = true, true
		}
	}
	for name, t := range n.tensors {
		finite, err := isFinite(t)
		if err != nil {
			return fmt.Errorf("initializer %.64q: %w", name, err)
		}
		if !finite {
			n.states[name] = true
		}
	}
	return nil
}

// isFinite tells whether all elements are finite numbers.
func isFinite(t *proto.Tensor) (bool, error) {
	e, ok := floatTypes[t.Type]
	if !ok {
		return true, nil
	}
	var part [256]float64
	size := len(t.Raw) / max(t.Size(), 1)
	for raw := t.Raw; len(raw) > 0; {
		k := min(len(raw)/size, len(part))
		if err := safetensors.Floats(part[:k], safetensors.Tensor{DType: e, Data: raw[:k*size]}); err != nil {
			return false, err
		}
		for _, v := range part[:k] {
			if math.IsNaN(v - v) {
				return false, nil
			}
		}
		raw = raw[k*size:]
	}
	return true, nil
}
