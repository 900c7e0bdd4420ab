package onnx

import (
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// setWeights makes initializers of the weights of a file that has them as Constant nodes, as those of paddle2onnx, so that they are
// trained. These are all floating-point constants of more than one element in a file without any such initializer. The files of this
// package have constants that are none.
func setWeights(m *proto.Model) {
	g := &m.Graph
	weight := func(t *proto.Tensor) bool {
		_, float := floatTypes[t.Type]
		return float && t.Size() > 1
	}
	if m.Producer == producer || slices.ContainsFunc(g.Initializers, func(t proto.Tensor) bool { return t.Raw == nil || weight(&t) }) {
		return
	}
	rest := g.Nodes[:0]
	for _, node := range g.Nodes {
		a := node.Attributes
		if node.Operator != "Constant" || !isStandard(node.Domain) || len(a) != 1 || a[0].Name != "value" || a[0].Kind != proto.Dense || !weight(a[0].Tensor) ||
			len(node.Inputs) > 0 || len(node.Outputs) != 1 || node.Outputs[0] == "" {
			rest = append(rest, node)
			continue
		}
		t := *a[0].Tensor
		t.Name = node.Outputs[0]
		g.Initializers = append(g.Initializers, t)
	}
	g.Nodes = rest
}
