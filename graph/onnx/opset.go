package onnx

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// The opsets that can be written. The rules write operators as of opset; adapt changes them for another.
const (
	oldestWritten = 11
	newestWritten = 22
	opset         = 17
)

// irVersions are the versions of the format that the opsets were released with, from oldestWritten on.
var irVersions = [...]int64{6, 7, 7, 7, 8, 8, 8, 8, 9, 9, 10, 10}

// adapt changes the written nodes to those of another opset.
func (w *writer) adapt(to int) {
	if to == opset || w.err != nil {
		return
	}
	a := &adapter{writer: w, to: to, known: map[string]*proto.Tensor{}}
	w.graph.Nodes = a.nodes(w.graph.Nodes)
	if w.err == nil {
		w.err = a.err
	}
	a.prune(w.graph)
}

// An adapter changes nodes to those of the opset to.
type adapter struct {
	*writer
	to    int
	known map[string]*proto.Tensor // constants by name
	out   []proto.Node
	err   error
}

// nodes returns the changed nodes of a graph.
func (a *adapter) nodes(list []proto.Node) []proto.Node {
	outer := a.out
	a.out = nil
	for i := range list {
		for _, attribute := range list[i].Attributes {
			if attribute.Graph != nil {
				attribute.Graph.Nodes = a.nodes(attribute.Graph.Nodes)
			}
		}
		a.node(&list[i])
	}
	out := a.out
	a.out = outer
	return out
}

// node adds a changed node.
func (a *adapter) node(n *proto.Node) {
	switch n.Operator {
	case "Constant":
		a.known[n.Outputs[0]] = n.Attributes[0].Tensor
	case "ReduceMax", "ReduceMean", "ReduceL2":
		if k := attributeOf(n, "axes"); k >= 0 && a.to >= 18 {
			axes := n.Attributes[k].Ints
			n.Attributes = slices.Delete(n.Attributes, k, k+1)
			n.Inputs = append(n.Inputs, a.list(axes...))
		}
	case "ReduceSum", "Squeeze", "Unsqueeze":
		if a.to < 13 {
			axes := a.known[n.Inputs[1]]
			n.Inputs = n.Inputs[:1]
			n.Attributes = append(n.Attributes, proto.Attribute{Name: "axes", Kind: proto.Ints, Ints: int64s(axes)})
		}
	case "Resize":
		for i, name := range n.Inputs {
			if name == "" && a.to < 13 { // all inputs have to be there, and may be empty
				n.Inputs[i] = a.constantNode(proto.Tensor{Type: proto.Float32, Dims: []int64{0}})
			}
		}
	case "GreaterOrEqual", "LessOrEqual":
		if a.to < 12 {
			operator := map[string]string{"GreaterOrEqual": "Greater", "LessOrEqual": "Less"}[n.Operator]
			parts := []string{a.add(operator, n.Inputs), a.add("Equal", n.Inputs)}
			*n = proto.Node{Name: n.Name, Operator: "Or", Inputs: parts, Outputs: n.Outputs}
		}
	case "Softmax", "LogSoftmax":
		if axis := n.Attributes[attributeOf(n, "axis")].Int; axis != -1 && a.to < 13 {
			a.softmax(n, axis)
		}
	case "Trilu":
		if a.to < 14 {
			a.triangle(n)
		}
	case "ScatterElements":
		if k := attributeOf(n, "reduction"); k >= 0 && a.to < 16 {
			if !a.distinct[n.Outputs[0]] {
				a.refuse(n, 16)
			}
			n.Attributes = slices.Delete(n.Attributes, k, k+1)
		}
	case "Einsum":
		if a.to < 12 {
			a.refuse(n, 12)
		}
	}
	a.out = append(a.out, *n)
}

// refuse sets the error for an operator that the opset does not have in the form that is written.
func (a *adapter) refuse(n *proto.Node, least int) {
	if a.err == nil {
		a.err = fmt.Errorf("%s: got opset %d, want %d or more for this network", place(n), a.to, least)
	}
}

// softmax makes a softmax along one axis, which was one along all axes from there on, of its definition.
func (a *adapter) softmax(n *proto.Node, axis int64) {
	axes := intsAttribute("axes", int(axis))
	d := a.add("Sub", []string{n.Inputs[0], a.add("ReduceMax", n.Inputs, axes)})
	e := a.add("Exp", []string{d})
	sum := a.add("ReduceSum", []string{e}, axes)
	operator, operands := "Div", []string{e, sum}
	if n.Operator == "LogSoftmax" {
		operator, operands = "Sub", []string{d, a.add("Log", []string{sum})}
	}
	*n = proto.Node{Name: n.Name, Operator: operator, Inputs: operands, Outputs: n.Outputs}
}

// triangle makes Trilu a choice by the distance of the column from the row.
func (a *adapter) triangle(n *proto.Node) {
	x, k := n.Inputs[0], n.Inputs[1]
	shape := a.add("Shape", []string{x})
	squeeze := func(v string) string {
		if a.to < 13 {
			return a.add("Squeeze", []string{v}, intsAttribute("axes", 0))
		}
		return a.add("Squeeze", []string{v, a.list(0)})
	}
	count := func(from, to int64) string { // 0, 1, 2, ... for a dimension
		size := squeeze(a.add("Slice", []string{shape, a.list(from), a.list(to)}))
		return a.add("Range", []string{a.scalar(0), size, a.scalar(1)})
	}
	rows := a.add("Reshape", []string{count(-2, -1), a.list(-1, 1)})
	distance := a.add("Sub", []string{count(-1, 1<<62), rows})
	operator := "Greater"
	if n.Attributes[attributeOf(n, "upper")].Int != 0 {
		operator = "Less"
	}
	outside := a.add(operator, []string{distance, k})
	*n = proto.Node{Name: n.Name, Operator: "Where", Inputs: []string{outside, a.constantNode(a.floats(nil, 0)), x}, Outputs: n.Outputs}
}

// add adds a node and returns its output.
func (a *adapter) add(operator string, inputs []string, attributes ...proto.Attribute) string {
	name := a.name(operator)
	a.out = append(a.out, proto.Node{Name: name, Operator: operator, Inputs: inputs, Outputs: []string{name}, Attributes: attributes})
	return name
}

func (a *adapter) constantNode(t proto.Tensor) string {
	return a.add("Constant", nil, proto.Attribute{Name: "value", Kind: proto.Dense, Tensor: &t})
}

func (a *adapter) list(values ...int64) string {
	return a.constantNode(int64Tensor([]int64{int64(len(values))}, values))
}

func (a *adapter) scalar(v int64) string { return a.constantNode(int64Tensor(nil, []int64{v})) }

func int64Tensor(dims, values []int64) proto.Tensor {
	t := proto.Tensor{Type: proto.Int64, Dims: dims}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(v))
	}
	return t
}

// int64s returns the elements of a tensor of int64.
func int64s(t *proto.Tensor) (list []int64) {
	for raw := t.Raw; len(raw) > 0; raw = raw[8:] {
		list = append(list, int64(binary.LittleEndian.Uint64(raw)))
	}
	return list
}

// attributeOf returns the place of an attribute, -1 if there is none.
func attributeOf(n *proto.Node, name string) int {
	return slices.IndexFunc(n.Attributes, func(a proto.Attribute) bool { return a.Name == name })
}

// prune removes the constants that nothing uses any more.
func (a *adapter) prune(g *proto.Graph) {
	used := map[string]bool{}
	var uses func(g *proto.Graph)
	uses = func(g *proto.Graph) {
		for _, o := range g.Outputs {
			used[o.Name] = true
		}
		for i := range g.Nodes {
			for _, name := range g.Nodes[i].Inputs {
				used[name] = true
			}
			for _, attribute := range g.Nodes[i].Attributes {
				if attribute.Graph != nil {
					uses(attribute.Graph)
				}
			}
		}
	}
	uses(g)
	var clean func(g *proto.Graph)
	clean = func(g *proto.Graph) {
		g.Nodes = slices.DeleteFunc(g.Nodes, func(n proto.Node) bool { return n.Operator == "Constant" && !used[n.Outputs[0]] })
		for i := range g.Nodes {
			for _, attribute := range g.Nodes[i].Attributes {
				if attribute.Graph != nil {
					clean(attribute.Graph)
				}
			}
		}
	}
	clean(g)
}
