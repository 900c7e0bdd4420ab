package onnx_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestReadErrors: reading reports the faults of a file, and compiling those that depend on shapes; both name the node.
func TestReadErrors(t *testing.T) {
	relu := node("Relu", x())
	second := proto.Node{Name: "n", Operator: "Relu", Inputs: x(), Outputs: []string{"w", "z"}}
	weight := func(name string, dims ...int64) func(m *proto.Model) {
		return func(m *proto.Model) {
			n := int64(4)
			for _, d := range dims {
				n *= d
			}
			m.Graph.Initializers = append(m.Graph.Initializers, proto.Tensor{Name: name, Type: proto.Float32, Dims: dims, Raw: make([]byte, n)})
		}
	}
	for _, r := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "onnx: Read: got no graph, want one: is this an ONNX file?"},
		{"old", file(func(m *proto.Model) { m.Opsets[0].Version = 6 }, relu), "onnx: Read: got opset 6, want one from 7 to 22"},
		{"new", file(func(m *proto.Model) { m.Opsets[0].Version = math.MaxInt64 }, relu), "onnx: Read: got opset 2147483647, want one from 7 to 22"},
		{"two inputs", file(func(m *proto.Model) { m.Graph.Inputs = slices.Repeat(m.Graph.Inputs, 2) }, relu),
			`onnx: Read: input "x": got this name twice, want unique names`},
		{"no inputs", file(func(m *proto.Model) { m.Graph.Inputs = nil }, relu), "onnx: Read: got 0 inputs and 1 outputs, want at least one of each"},
		{"strings", file(func(m *proto.Model) { m.Graph.Inputs[0].Type = 8 }, relu), `onnx: Read: input "x": got elements of type 8, want floating-point numbers or integers`},
		{"no shape", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims = nil }, relu), `onnx: Read: input "x": got no shape, want (batch, ...)`},
		{"a huge input", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims[1].Size = math.MaxInt64 }, relu), `onnx: Read: input "x": got a dimension of 9223372036854775807, want at most 16777216`},
		{"two tensors of one name", file(func(m *proto.Model) { weight("w", 1)(m); weight("w", 2)(m) }, relu), `onnx: Read: initializer: got the name "w", want a unique name that is not empty`},
		{"an unknown operator", file(nil, node("Bernoulli", x())), "onnx: Read: n (Bernoulli): got an unsupported operator"},
		{"a control structure", file(nil, node("SequenceMap", x())), "onnx: Read: n (SequenceMap): got an unsupported operator"},
		{"an unknown domain", file(nil, func() proto.Node { n := relu; n.Domain = "com.other"; return n }()), `onnx: Read: n (Relu): got domain "com.other", want an operator of the standard domain ai.onnx`},
		{"an unknown attribute", file(nil, node("Relu", x(), intsAttr("axis", 1))), `onnx: Read: n (Relu): got unsupported attribute "axis"`},
		{"an attribute twice", file(nil, node("Transpose", x(), intsAttr("perm", 0, 1), intsAttr("perm", 1, 0))), `onnx: Read: n (Transpose): got attribute "perm" twice, want it once`},
		{"too few inputs", file(nil, node("Add", x())), "onnx: Read: n (Add): got 1 inputs, want 2 to 2"},
		{"a second output in use", file(nil, second, op("y", "Abs", []string{"z"})), `onnx: Read: y (Abs): input "z": got an output of a node that is not supported, want no use of it`},
		{"a second output of the file", file(func(m *proto.Model) { m.Graph.Outputs[0].Name = "z" }, second), `onnx: Read: output "z": got an output of a node that is not supported, want no use of it`},
		{"a second output twice", file(nil, second, second), `onnx: Read: n (Relu): got output "w" twice, want unique names`},
		{"a cycle", file(nil, node("Add", x("y"))), `onnx: Read: n (Add): got input "y", want an output of an earlier node, an initializer or an input of the network`},
		{"an output twice", file(nil, relu, relu), `onnx: Read: n (Relu): got output "y" twice, want unique names`},
		{"no output", file(nil), `onnx: Read: output "y": got no node that computes it, want one`},
		{"an attribute of another kind", file(nil, node("LeakyRelu", x(), intsAttr("alpha", 1))), "graph: n (LeakyRelu): attribute alpha: got kind 7, want 1"},
		{"an attribute of NaN", file(nil, node("LeakyRelu", x(), proto.Attribute{Name: "alpha", Kind: proto.Float, Float: float32(math.NaN())})),
			"graph: n (LeakyRelu): attribute alpha: got NaN, want a finite number"},
		{"an omitted input", file(nil, node("Add", x(""))), "graph: n (Add): got no input 2"},
		{"shapes that do not fit", file(weight("w", 3, 2), node("MatMul", x("w"))), "graph: n (MatMul): MatMul: got shapes [2 4] and [3 2], want equal inner dimensions"},
		{"a weight without elements", file(weight("w", 0, 2), node("MatMul", x("w"))), `graph: n (MatMul): input 2: initializer "w": got float32 of shape [0 2], want floating-point numbers and at least one element`},
		{"a computed shape", file(nil, node("Reshape", x("x"))), "graph: n (Reshape): input 2: got values computed at run time, want constants"},
		{"a shape of other size", file(nil, intsNode("s", -1, 3), node("Reshape", x("s"))), "graph: n (Reshape): got shape [-1 3] for elements of shape [2 4], want as many elements"},
		{"a huge shape", file(nil, intsNode("s", 1<<62, 1<<62, 2, 4), node("Expand", x("s"))), "graph: n (Expand): got shape [16777216 16777216 2 4], want sizes of 1 or more and at most 1099511627776 elements"},
		{"a huge constant", file(nil, intsNode("s", 1<<20, 4), proto.Node{Name: "c", Operator: "ConstantOfShape", Inputs: []string{"s"}, Outputs: []string{"k"}, Attributes: []proto.Attribute{
			{Name: "value", Kind: proto.Dense, Tensor: &proto.Tensor{Type: proto.Int64, Dims: []int64{1}, Raw: make([]byte, 8)}}}}, relu),
			"graph: c (ConstantOfShape): got shape [1048576 4] of constant numbers, want no more constant numbers than the file's size allows; if you trust it, use Network.Trusted"},
		{"a division by zero", file(nil, intsNode("a", 1), intsNode("b", 0), node("Div", []string{"a", "b"})), "graph: n (Div): got 1 / 0, want an int64 quotient"},
		{"a huge window", file(func(m *proto.Model) { m.Graph.Inputs[0].Dims = append(m.Graph.Inputs[0].Dims, proto.Dim{Size: 5}) },
			node("MaxPool", x(), intsAttr("kernel_shape", 1<<40), intsAttr("dilations", 1<<40))), "graph: n (MaxPool): got a window of 16777216 elements, 16777216 apart, want 1 or more and at most 16777216 in all"},
		{"integers", file(func(m *proto.Model) { m.Graph.Inputs[0].Type = proto.Int64 }, relu), "graph: n (Relu): input 1: got integers or bools, want floating-point numbers"},
		{"an axis out of range", file(nil, intsNode("pads", 1, 1), floatNode("out", 3), intsNode("axes", 5), node("Pad", x("pads", "out", "axes"))),
			"graph: n (Pad): Pad: got axis 5 for shape [2 4], want -2 to 1"},
	} {
		t.Run(r.name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(r.file))
			if err == nil {
				_, err = graph.Compile(net, graph.Config{Input: net.Input()})
			}
			require.EqualError(t, err, r.want)
		})
	}
}

// TestOpenErrors: errors name the file.
func TestOpenErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	_, err := onnx.Open(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte{1}, 0o600))
	_, err = onnx.Open(path)
	require.EqualError(t, err, "onnx: Open: "+path+": got field number 0, want 1 to 536870911: is this an ONNX file?")
}

// TestTrusted: a trusted network has no limits.
func TestTrusted(t *testing.T) {
	net, err := onnx.Read(bytes.NewReader(file(nil, intsNode("zero", 0), intsNode("one", 1), intsNode("many", 1<<19),
		proto.Node{Operator: "Range", Inputs: []string{"zero", "many", "one"}, Outputs: []string{"r"}}, node("Relu", x()))))
	require.NoError(t, err)
	_, err = graph.Compile(net, graph.Config{Input: net.Input()})
	require.ErrorContains(t, err, "r (Range): got shape [524288] of constant numbers, want no more constant numbers than the file's size allows")
	_, err = graph.Compile(net.Trusted(), graph.Config{Input: net.Input()})
	require.NoError(t, err)
	require.Nil(t, (*onnx.Network)(nil).Trusted())
}
