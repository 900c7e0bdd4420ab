package onnx_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/internal/ort"
)

// An operatorCase is a small file and its output y for the input (1, -2, 0.5, 3).
type operatorCase struct {
	name string
	file []byte
	want []float32
}

// operatorCases contains the operators that neither PyTorch's files nor ours use.
func operatorCases() []operatorCase {
	inner := func(output, operator string, inputs ...string) proto.Node {
		return proto.Node{Operator: operator, Inputs: inputs, Outputs: []string{output}}
	}
	float := func(output, input string) proto.Node {
		to := intAttr("to", int64(proto.Float32))
		return proto.Node{Operator: "Cast", Inputs: []string{input}, Outputs: []string{output}, Attributes: []proto.Attribute{to}}
	}
	integer := func(name string, v int64) proto.Node {
		return proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{intAttr("value_int", v)}}
	}
	positive, small := inner("positive", "Greater", "x", "zero"), inner("small", "Less", "x", "two")
	conditions := []proto.Node{floatNode("zero", 0), floatNode("two", 2), positive, small}
	logic := func(nodes ...proto.Node) []byte { return file(nil, append(slices.Clone(conditions), nodes...)...) }
	opset := func(version int64) func(m *proto.Model) {
		return func(m *proto.Model) { m.Opsets[0].Version = version }
	}
	signal := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 2}, {Size: 2}}
		m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 2}, {Size: 1}}
	}
	column := func(m *proto.Model) { m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}} }
	images := func(channels, size int64) func(m *proto.Model) {
		return func(m *proto.Model) {
			m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: channels}, {Size: size}, {Size: size}}
			m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 5 - channels}, {Size: 3 - size}, {Size: 3 - size}}
		}
	}
	branch := func(name, operator string) proto.Attribute {
		g := &proto.Graph{Name: name, Nodes: []proto.Node{inner("b", operator, "x")}, Outputs: []proto.Value{{Name: "b", Type: proto.Float32, Dims: []proto.Dim{{Name: "batch"}, {Size: 4}}}}}
		return proto.Attribute{Name: name, Kind: proto.Nested, Graph: g}
	}
	chosen := func(comparison string) []byte { // of the sum 2.5 with 2
		sum, large := op("sum", "ReduceSum", []string{"x"}, intAttr("keepdims", 0)), inner("large", comparison, "sum", "two")
		return file(nil, floatNode("two", 2), sum, large, node("If", []string{"large"}, branch("then_branch", "Abs"), branch("else_branch", "Neg")))
	}
	tanh := proto.Attribute{Name: "approximate", Kind: proto.String, String: "tanh"}
	return []operatorCase{
		{"Less", logic(float("y", "small")), []float32{1, 1, 1, 0}},
		{"And", logic(inner("both", "And", "positive", "small"), float("y", "both")), []float32{1, 0, 1, 0}},
		{"Not", logic(inner("large", "Not", "small"), float("y", "large")), []float32{0, 0, 0, 1}},
		{"Or", logic(inner("large", "Not", "small"), inner("either", "Or", "large", "positive"), float("y", "either")), []float32{1, 0, 1, 1}},
		{"Dropout", file(nil, node("Dropout", x())), []float32{1, -2, 0.5, 3}},
		{"Floor", file(nil, node("Floor", x())), []float32{1, -2, 0, 3}},
		{"Gelu", file(opset(20), node("Gelu", x())), []float32{0.84134475, -0.04550026, 0.34573123, 2.9959503}},
		{"Gelu, tanh", file(opset(20), node("Gelu", x(), tanh)), []float32{0.841192, -0.0454023, 0.345714, 2.9963626}},
		{"DepthToSpace", file(images(4, 1), node("DepthToSpace", x(), intAttr("blocksize", 2))), []float32{1, -2, 0.5, 3}},
		{"SpaceToDepth", file(images(1, 2), node("SpaceToDepth", x(), intAttr("blocksize", 2))), []float32{1, -2, 0.5, 3}},
		{"If", file(nil, integer("one", 1), integer("two", 2), inner("less", "Less", "one", "two"), node("If", []string{"less"}, branch("then_branch", "Abs"), branch("else_branch", "Neg"))), []float32{1, 2, 0.5, 3}},
		{"If, computed, true", chosen("Greater"), []float32{1, 2, 0.5, 3}},
		{"If, computed, false", chosen("Less"), []float32{-1, 2, -0.5, -3}},
		{"ReduceProd", file(nil, intsNode("sizes", 2, 3), op("product", "ReduceProd", []string{"sizes"}, intAttr("keepdims", 0)), float("p", "product"), node("Mul", x("p"))), []float32{6, -12, 3, 18}},
		{"Gather, computed", file(func(m *proto.Model) {
			m.Graph.Initializers = []proto.Tensor{{Name: "w", Type: proto.Float32, Dims: []int64{1, 4}, Raw: raw(1, 2, 3, 4)}}
		}, op("flat", "Flatten", x(), intAttr("axis", 0)), op("i", "ArgMax", []string{"flat"}, intAttr("axis", 1), intAttr("keepdims", 0)),
			op("g", "Gather", []string{"w", "i"}, intAttr("axis", 1)), node("Mul", x("g"))), []float32{4, -8, 2, 12}},
		{"Cast, rounding", file(nil, floatNode("small", 0.0003), op("a", "Add", x("small")), op("h", "Cast", []string{"a"}, intAttr("to", int64(proto.Float16))), float("y", "h")), []float32{1, -2, 0.5004883, 3}},
		{"GlobalMaxPool", file(signal, node("GlobalMaxPool", x())), []float32{1, 3}},
		{"Mish", file(opset(18), node("Mish", x())), []float32{0.8650984, -0.25250148, 0.3752452, 2.986535}},
		{"Range", file(nil, integer("from", 0), integer("to", 4), integer("step", 1), inner("range", "Range", "from", "to", "step"),
			float("r", "range"), node("Add", x("r"))), []float32{1, -1, 2.5, 6}},
		{"ReduceL2", file(column, node("ReduceL2", x(), intsAttr("axes", 1))), []float32{3.7749172}},
		{"Size", file(nil, inner("size", "Size", "x"), float("n", "size"), node("Mul", x("n"))), []float32{4, -8, 2, 12}},
		{"Softsign", file(nil, node("Softsign", x())), []float32{0.5, -2.0 / 3, 1.0 / 3, 0.75}},
		{"Sum", file(nil, node("Sum", x("x", "x"))), []float32{3, -6, 1.5, 9}},
	}
}

// operatorInput returns the input of an operator case.
func operatorInput(input []int) *tensor.Dense {
	return tensor.New(tensor.WithShape(append([]int{1}, input...)...), tensor.WithBacking([]float32{1, -2, 0.5, 3}))
}

func TestOperatorCases(t *testing.T) {
	for _, c := range append(operatorCases(), orderCases()...) {
		t.Run(c.name, func(t *testing.T) {
			m := imported(t, c.file)
			require.InDeltaSlice(t, c.want, predicted(t, m, operatorInput(m.Input())).Float32s(), 1e-6)
		})
	}
}

func TestOperatorCasesRuntime(t *testing.T) {
	r := ort.Start(t)
	for _, c := range append(operatorCases(), orderCases()...) {
		t.Run(c.name, func(t *testing.T) {
			y, err := r.Run(c.file, operatorInput(imported(t, c.file).Input()))
			require.NoError(t, err)
			require.InDeltaSlice(t, c.want, y[0].Float32s(), 1e-6)
		})
	}
}

// TestEveryOperatorIsTested: each supported operator occurs in a file whose output a test compares.
func TestEveryOperatorIsTested(t *testing.T) {
	var files [][]byte
	for _, c := range golden.Own[torchCase](t, "torch.json") {
		files = append(files, c.File)
	}
	for _, n := range networks() {
		files = append(files, written(t, compiled(t, n, tensor.Float32)))
	}
	for _, c := range append(operatorCases(), orderCases()...) {
		files = append(files, c.file)
	}
	files = slices.AppendSeq(append(files, scanFile()), maps.Values(moreCases()))
	found := map[string]bool{}
	for _, b := range files {
		m, err := proto.Decode(b)
		require.NoError(t, err)
		for _, n := range m.Graph.Nodes {
			found[n.Operator] = true
		}
	}
	for _, name := range onnx.Operators() {
		require.True(t, found[name], "%s: got no test, want a row in operatorCases", name)
	}
}
