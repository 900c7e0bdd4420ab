package onnx_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/layers"
)

// loopOf returns a file with a Scan over the columns of x, (batch, 4); the state begins with the sum of each row.
func loopOf(g *proto.Graph, attributes ...proto.Attribute) []byte {
	init := proto.Node{Operator: "ReduceMax", Inputs: x(), Outputs: []string{"init"}, Attributes: []proto.Attribute{intsAttr("axes", 1), intAttr("keepdims", 0)}}
	loop := proto.Node{Name: "n", Operator: "Scan", Inputs: []string{"init", "x"}, Outputs: []string{"y"}}
	loop.Attributes = append([]proto.Attribute{intAttr("num_scan_inputs", 1), intsAttr("scan_input_axes", 1)}, attributes...)
	if g != nil {
		loop.Attributes = append(loop.Attributes, graphAttr("body", g))
	}
	return file(nil, init, loop)
}

// stepOf returns the body of a loop whose new state is t.
func stepOf(nodes ...proto.Node) *proto.Graph {
	return &proto.Graph{Nodes: nodes, Inputs: valuesOf("s", "a"), Outputs: valuesOf("t")}
}

// TestLoopErrors: the faults of recurrent nodes and loops are errors that name the node.
func TestLoopErrors(t *testing.T) {
	sum := apply("t", "Add", "s", "a")
	inner := func(name string) *proto.Graph { // a loop over the elements of a row, of any length
		loop := proto.Node{Name: name, Operator: "Scan", Inputs: []string{"s", "long"}, Outputs: []string{"t"}}
		loop.Attributes = []proto.Attribute{intAttr("num_scan_inputs", 1), graphAttr("body", &proto.Graph{Nodes: []proto.Node{apply("v", "Add", "u", "b")}, Inputs: valuesOf("u", "b"), Outputs: valuesOf("v")})}
		return stepOf(loop)
	}
	long := func() []byte {
		expand := []proto.Node{intsNode("size", 1<<23), floatNode("half", 0.5), apply("long", "Expand", "half", "size")}
		m, err := proto.Decode(loopOf(inner("deep")))
		require.NoError(t, err)
		m.Graph.Nodes = append(expand, m.Graph.Nodes...)
		return proto.Encode(m)
	}
	recurrent := func(operator string, attributes ...proto.Attribute) []byte {
		return recurrentCase{name: "x", operator: operator, attributes: attributes, inputs: "BLHMP"}.file()
	}
	wrong := func(input int, name string) []byte {
		m, err := proto.Decode(recurrent("LSTM"))
		require.NoError(t, err)
		for i := range m.Graph.Nodes {
			if n := &m.Graph.Nodes[i]; n.Operator == "LSTM" {
				n.Inputs[input] = name
			}
		}
		return proto.Encode(m)
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"no body", loopOf(nil), "graph: n (Scan): attribute body: got none, want a graph"},
		{"no graph", loopOf(nil, intAttr("body", 1)), "graph: n (Scan): attribute body: got kind 2, want 5"},
		{"an old opset", func() []byte {
			m, _ := proto.Decode(loopOf(stepOf(sum)))
			m.Opsets[0].Version = 8
			return proto.Encode(m)
		}(), "graph: n (Scan): got opset 8, want 9 or more"},
		{"an unknown value", loopOf(stepOf(apply("t", "Add", "s", "b"))),
			`onnx: Read: n (Scan): attribute body: t (Add): got input "b", want an output of an earlier node, an initializer or an input of the network`},
		{"an output that nothing computes", loopOf(stepOf()), `onnx: Read: n (Scan): attribute body: output "t": got no node that computes it, want one`},
		{"a value of the body outside", file(nil, apply("i", "Identity", "x"), func() proto.Node {
			m, _ := proto.Decode(loopOf(stepOf(sum)))
			n := m.Graph.Nodes[1]
			n.Inputs[0], n.Outputs[0] = "i", "z"
			return n
		}(), node("Relu", []string{"t"})), `onnx: Read: n (Relu): got input "t", want an output of an earlier node, an initializer or an input of the network`},
		{"one input twice", loopOf(&proto.Graph{Inputs: valuesOf("s", "s"), Outputs: valuesOf("s")}), `onnx: Read: n (Scan): attribute body: input "s": got this name twice, want unique names`},
		{"an unknown operator", loopOf(stepOf(apply("t", "Bernoulli", "s"))), "onnx: Read: n (Scan): attribute body: t (Bernoulli): got an unsupported operator"},
		{"no sequences", loopOf(stepOf(sum), intAttr("num_scan_inputs", 0)), `onnx: Read: n (Scan): got attribute "num_scan_inputs" twice, want it once`},
		{"another number of inputs", loopOf(&proto.Graph{Inputs: valuesOf("s"), Outputs: valuesOf("s")}), "graph: n (Scan): attribute body: got a graph of 1 inputs, want 2"},
		{"another number of outputs", loopOf(&proto.Graph{Inputs: valuesOf("s", "a")}), "graph: n (Scan): attribute body: got a graph of 0 outputs, want at least 1"},
		{"another shape of the state", loopOf(stepOf(intsNode("i", 0), proto.Node{Operator: "Unsqueeze", Inputs: []string{"s", "i"}, Outputs: []string{"t"}})),
			"graph: n (Scan): Scan: state 0: got shape [1 2] after a step, want [2] as before it"},
		{"an axis out of range", loopOf(stepOf(proto.Node{Operator: "Softmax", Inputs: []string{"s"}, Outputs: []string{"e"}, Attributes: []proto.Attribute{intAttr("axis", 4)}}, sum)), "graph: e (Softmax): Softmax: got axis 4 for shape [2], want -1 to 0"},
		{"directions", loopOf(stepOf(sum), intsAttr("scan_input_directions", 2)), "graph: n (Scan): attribute scan_input_directions: got [2], want 0 or 1 for each sequence"},
		{"too many axes", loopOf(stepOf(sum), intsAttr("scan_output_axes", 0, 1)), "graph: n (Scan): attribute scan_output_axes: got [0 1], want 0 numbers"},
		{"too many steps", long(), "graph: deep (Scan): got a loop of 8388608 steps that runs 4 times, want at most 16777216 steps in all; if you trust it, use Network.Trusted"},
		{"a direction", recurrent("RNN", textAttr("direction", "sideways")), `graph: n (RNN): got direction "sideways" and layout 0, want forward, reverse or bidirectional, and 0 or 1`},
		{"units", recurrent("GRU", intAttr("linear_before_reset", 1), intAttr("hidden_size", 5)), `onnx: Read: n (GRU): got attribute "hidden_size" twice, want it once`},
		{"a function", recurrent("RNN", textsAttr("activations", "Cosine")), `graph: n (RNN): attribute activations: got "Cosine", want a function such as Sigmoid or Tanh`},
		{"too few functions", recurrent("LSTM", textsAttr("activations", "Tanh")), "graph: n (LSTM): attribute activations: got 1 functions, want 3"},
		{"a clip", recurrent("RNN", proto.Attribute{Name: "clip", Kind: proto.Float, Float: -1}), "graph: n (RNN): attribute clip: got -1, want more than 0"},
		{"weights", wrong(1, "r"), "graph: n (LSTM): got shapes [4 2 3], [1 8 2], [1 8 2] in 1 directions, want a sequence of features and matching weights"},
		{"biases", wrong(3, "p"), "graph: n (LSTM): input 4: got shape [1 6], want [1 16]"},
		{"lengths that are not integers", wrong(4, "lengths"), "graph: n (LSTM): input 5: got floating-point numbers or bools, want integers"},
		{"states", wrong(5, "p"), "graph: n (LSTM): input 6: got shape [1 6], want [1 2 2]"},
		{"peepholes", wrong(7, "b"), "graph: n (LSTM): input 8: got shape [1 16], want [1 6]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(c.file))
			if err == nil {
				_, err = graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
			}
			require.EqualError(t, err, c.want)
		})
	}
}

// TestLoopMemory: files whose nodes are nested, or have colliding names, take memory and time in proportion to their size.
func TestLoopMemory(t *testing.T) {
	const n = 20000
	same := slices.Repeat([]proto.Node{{Operator: "A", Outputs: []string{"y"}, Attributes: []proto.Attribute{graphAttr("g", &proto.Graph{
		Initializers: []proto.Tensor{numbers("a")}, Nodes: []proto.Node{apply("y", "A", "a")}})}}}, n)
	deep := proto.Node{Operator: "A", Outputs: []string{"y"}, Attributes: slices.Repeat([]proto.Attribute{intAttr("a", 1)}, n)}
	for range 15 {
		deep = proto.Node{Operator: "A", Outputs: []string{"y"}, Attributes: []proto.Attribute{graphAttr("g", &proto.Graph{Nodes: []proto.Node{deep}})}}
	}
	for name, file := range map[string][]byte{"names": file(nil, same...), "depth": file(nil, deep)} {
		t.Run(name, func(t *testing.T) {
			took := allocated(func() { require.Error(t, tryRead(file)) })
			require.Less(t, took/len(file), 128, "bytes for each byte of the file")
		})
	}
}

// TestLoopSaved: a model that contains loops from a file is saved and opened, and predicts the same.
func TestLoopSaved(t *testing.T) {
	for _, file := range [][]byte{scanFile(intsAttr("scan_input_axes", 1, 1), intsAttr("scan_output_axes", 1, 1)), recurrentCases[3].file()} {
		net, err := onnx.Read(bytes.NewReader(file))
		require.NoError(t, err)
		m, err := graph.Compile(layers.Sequential{layers.Named("trunk", net), layers.Flatten{}}, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
		require.NoError(t, err)
		in := recurrentCases[3].in(2)
		if len(net.Inputs()) == 0 {
			in = map[string]*graph.Tensor{graph.MainInput: samples(2, net.Input(), tensor.Float32)}
		}
		opened, err := graph.ReadModel(bytes.NewReader(bytesOf(t, m)))
		require.NoError(t, err)
		want, err := m.PredictAll(t.Context(), in)
		require.NoError(t, err)
		got, err := opened.PredictAll(t.Context(), in)
		require.NoError(t, err)
		equalAll(t, want, got, 0)
	}
}
