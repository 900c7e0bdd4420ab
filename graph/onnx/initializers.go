package onnx

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// setAliases replaces each Identity of an initializer by a copy of that initializer. Exporters write equal initializers
// once; without copies, layers that begin with the same values would share a parameter.
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
			return fmt.Errorf("%s: got copies of initializers that are larger than the file, want fewer", place(node))
		}
		alias.Name = node.Outputs[0]
		n.tensors[alias.Name] = &alias
	}
	n.nodes = rest
	return nil
}

// setNames sets names: a slash separates the layers of a path, so a parameter's name does not begin with one.
func (n *Network) setNames() {
	n.names = map[string]string{}
	taken := map[string]bool{}
	for _, t := range slices.Sorted(maps.Keys(n.tensors)) {
		name := strings.TrimLeft(t, "/")
		if name == t {
			continue
		}
		for name == "" || n.tensors[name] != nil || taken[name] {
			name = "_" + name
		}
		n.names[t], taken[name] = name, true
	}
}

// declared returns the number of elements of a shape, whose product is known to be at most maxElements.
func declared(dims []int64) int {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return int(n)
}

// maxSetting is the largest number of elements of an initializer that is a setting.
const maxSetting = 8

// setFixed sets fixed to the initializers that are settings. An exponent of several numbers is a parameter instead.
func (n *Network) setFixed() {
	each(n.nodes, func(node *proto.Node) {
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
	})
}

// setStates sets states to the initializers that are not trained: those named in the metadata, running statistics, and those
// with infinite or NaN elements, such as masks.
func (n *Network) setStates(metadata []proto.Property) error {
	for _, p := range metadata {
		if p.Key == statesKey {
			for name := range strings.SplitSeq(p.Value, "\n") {
				n.states[name] = true
			}
		}
	}
	each(n.nodes, func(node *proto.Node) {
		if in := node.Inputs; node.Operator == "BatchNormalization" {
			n.states[in[3]], n.states[in[4]] = true, true
		}
	})
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

// isFinite reports whether all elements are finite; integers are.
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
