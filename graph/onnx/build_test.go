package onnx_test

import "github.com/nndiy/nndiy/graph/onnx/internal/proto"

// file returns a file with the nodes, an input x and an output y, both (batch, 4); change changes it.
func file(change func(m *proto.Model), nodes ...proto.Node) []byte {
	dims := []proto.Dim{{Name: "batch"}, {Size: 4}}
	m := &proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
		Nodes:  nodes,
		Inputs: []proto.Value{{Name: "x", Type: proto.Float32, Dims: dims}}, Outputs: []proto.Value{{Name: "y", Type: proto.Float32, Dims: dims}},
	}}
	if change != nil {
		change(m)
	}
	return proto.Encode(m)
}

// node returns a node named n with the output y.
func node(operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
	return proto.Node{Name: "n", Operator: operator, Inputs: inputs, Outputs: []string{"y"}, Attributes: attributes}
}

// intsNode returns a Constant of integers.
func intsNode(name string, values ...int64) proto.Node {
	a := proto.Attribute{Name: "value_ints", Kind: proto.Ints, Ints: values}
	return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{a}}
}

func intsAttr(name string, v ...int64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Ints, Ints: v}
}

func x(more ...string) []string { return append([]string{"x"}, more...) }

// floatNode returns a Constant of one number.
func floatNode(name string, value float32) proto.Node {
	a := proto.Attribute{Name: "value_float", Kind: proto.Float, Float: value}
	return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{a}}
}

func intAttr(name string, v int64) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Int, Int: v}
}
