package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// moreFile returns a file of an opset with nodes over x, (batch, 4, 3, 2).
func moreFile(opset int64, nodes ...proto.Node) []byte {
	return file(func(m *proto.Model) {
		m.Opsets[0].Version = opset
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 4}, {Size: 3}, {Size: 2}}
		m.Graph.Outputs[0].Dims = nil
		for name, n := range map[string]int64{"scale2": 2, "bias2": 2, "scale4": 4, "bias4": 4} {
			w := proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{n}, Raw: raw(float32(len(name)), -2, 0.25, 3)[:4*n]}
			m.Graph.Initializers = append(m.Graph.Initializers, w)
		}
	}, nodes...)
}

// loopBody returns the body of a Loop of a state.
func loopBody(outputs []proto.Value, nodes ...proto.Node) proto.Attribute {
	g := &proto.Graph{Name: "body", Nodes: nodes, Inputs: []proto.Value{value("i", proto.Int64), value("on", proto.Bool), value("s", proto.Float32, -1, 4, 3, 2)}, Outputs: outputs}
	return proto.Attribute{Name: "body", Kind: proto.Nested, Graph: g}
}

// moreCases are files whose results a Runner computes, which ONNX's tests and onnxruntime check.
func moreCases() map[string][]byte {
	float := func(name string, v float32) proto.Attribute {
		return proto.Attribute{Name: name, Kind: proto.Float, Float: v}
	}
	toFloat := func(output, input string) proto.Node { return op(output, "Cast", []string{input}, intAttr("to", 1)) }
	state := value("next", proto.Float32, -1, 4, 3, 2)
	step := []proto.Node{toFloat("f", "i"), op("twice", "Add", []string{"s", "s"}), op("next", "Add", []string{"twice", "f"})}
	keep := value("on", proto.Bool)
	two := proto.Node{Name: "loop", Operator: "Loop", Inputs: []string{"three", "", "x"}, Outputs: []string{"last", "all"},
		Attributes: []proto.Attribute{loopBody([]proto.Value{keep, state, value("twice", proto.Float32, -1, 4, 3, 2)}, step...)}}
	before := op("before", "Less", []string{"i", "end"})
	return map[string][]byte{
		"ReduceSumSquare":           moreFile(17, node("ReduceSumSquare", x(), intsAttr("axes", 1, 3))),
		"ReduceLogSum":              moreFile(17, op("e", "Exp", x()), node("ReduceLogSum", []string{"e"}, intsAttr("axes", -1))),
		"Tan":                       moreFile(17, node("Tan", x())),
		"Mean":                      moreFile(17, op("e", "Exp", x()), node("Mean", x("e", "x"))),
		"Shrink":                    moreFile(17, node("Shrink", x(), float("bias", 0.125), float("lambd", 0.25))),
		"ThresholdedRelu":           moreFile(17, node("ThresholdedRelu", x(), float("alpha", 0.125))),
		"LRN":                       moreFile(17, node("LRN", x(), intAttr("size", 3), float("alpha", 0.5), float("bias", 2))),
		"LRN of two":                moreFile(17, node("LRN", x(), intAttr("size", 2), float("alpha", 0.5))),
		"Xor":                       moreFile(17, floatNode("zero", 0), floatNode("low", -0.25), op("a", "Greater", x("zero")), op("b", "Less", x("low")), op("y0", "Xor", []string{"a", "b"}), toFloat("y", "y0")),
		"GroupNormalization":        moreFile(18, node("GroupNormalization", x("scale2", "bias2"), intAttr("num_groups", 2))),
		"GroupNormalization, 21":    moreFile(21, node("GroupNormalization", x("scale4", "bias4"), intAttr("num_groups", 2))),
		"MeanVarianceNormalization": moreFile(17, node("MeanVarianceNormalization", x(), intsAttr("axes", 2, 3))),
		"LpNormalization":           moreFile(17, node("LpNormalization", x(), intAttr("axis", 1))),
		"LpNormalization, p 1":      moreFile(17, node("LpNormalization", x(), intAttr("p", 1))),
		"LpNormalization of zeros":  moreFile(17, op("zero", "Sub", x("x")), node("LpNormalization", []string{"zero"}, intAttr("p", 2))),
		"Loop": moreFile(17, intScalar("three", 3), two, op("sum", "ReduceSum", []string{"all"}, intAttr("keepdims", 0)),
			node("Add", []string{"last", "sum"})),
		"Loop until": moreFile(17, intScalar("many", 100), intScalar("end", 2), node("Loop", []string{"many", "", "x"},
			loopBody([]proto.Value{value("before", proto.Bool), state}, append([]proto.Node{before}, step...)...))),
	}
}

// TestMore: a Network computes what a Runner does.
func TestMore(t *testing.T) {
	for name, b := range moreCases() {
		t.Run(name, func(t *testing.T) {
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			in := wave([]int{2, 4, 3, 2})
			d, err := in.Dense()
			require.NoError(t, err)
			got, err := onnx.FromDense(predicted(t, imported(t, b), d))
			require.NoError(t, err)
			require.LessOrEqual(t, compare(t, ran(t, r, map[string]onnx.Tensor{"x": in})["y"], got), 2e-6)
		})
	}
}

// TestMoreErrors: what is not supported is an error that names the node and the attribute or input.
func TestMoreErrors(t *testing.T) {
	state := value("s", proto.Float32, -1, 4, 3, 2)
	computed := []proto.Node{op("sum", "ReduceSum", []string{"s"}, intAttr("keepdims", 0)), op("large", "Greater", []string{"sum", "sum"})}
	same := loopBody([]proto.Value{value("on", proto.Bool), state})
	nested := same
	for i := range 6 { // 1000 to the 7th steps of nothing
		name := string(rune('a' + i))
		outer := loopBody([]proto.Value{value("on", proto.Bool), value("r"+name, proto.Float32, -1, 4, 3, 2)}, intScalar("k"+name, 1000),
			proto.Node{Operator: "Loop", Inputs: []string{"k" + name, "", "s"}, Outputs: []string{"r" + name}, Attributes: []proto.Attribute{nested}})
		nested = outer
	}
	for want, b := range map[string][]byte{
		"got loops of more nodes in all steps than the file's size allows":                                      moreFile(17, intScalar("k", 1000), node("Loop", []string{"k", "", "x"}, nested)),
		"n (Loop): input 1: got values computed at run time, want constants":                                    moreFile(17, op("sum", "ReduceSum", x(), intAttr("keepdims", 0)), op("k", "Cast", []string{"sum"}, intAttr("to", 7)), node("Loop", []string{"k", "", "x"}, same)),
		"n (Loop): input 1: got a number of steps of shape [2], want one element":                               moreFile(17, intsNode("k", 1, 2), node("Loop", []string{"k", "", "x"}, same)),
		"n (Loop): got a loop of more than 1024 steps":                                                          moreFile(17, intScalar("k", 5000), node("Loop", []string{"k", "", "x"}, same)),
		"n (Loop): input 1: got values computed at run time":                                                    moreFile(17, intScalar("k", 3), node("Loop", []string{"k", "", "x"}, loopBody([]proto.Value{value("large", proto.Bool), state}, computed...))),
		"n (Loop): attribute body: got a graph of 3 inputs and 2 outputs, want 4 inputs and at least 3 outputs": moreFile(17, intScalar("k", 3), node("Loop", []string{"k", "", "x", "x"}, same)),
		"n (Loop): got a loop of 0 steps, want at least one for output 2, which has an element for each":        moreFile(17, intScalar("k", 0), proto.Node{Name: "n", Operator: "Loop", Inputs: []string{"k", "", "x"}, Outputs: []string{"y", "all"}, Attributes: []proto.Attribute{loopBody([]proto.Value{value("on", proto.Bool), state, state})}}),
		"n (GroupNormalization): got shape [2 4 3 2] and num_groups 3":                                          moreFile(18, node("GroupNormalization", x("scale2", "bias2"), intAttr("num_groups", 3))),
		"n (GroupNormalization): input 2: got shape [4], want one number for each group":                        moreFile(18, node("GroupNormalization", x("scale4", "bias4"), intAttr("num_groups", 2))),
		"n (LRN): got shape [2 4 3 2] and size 0":                                                               moreFile(17, node("LRN", x())),
		"n (MeanVarianceNormalization): axes: got 4, want -4 to 3":                                              moreFile(17, node("MeanVarianceNormalization", x(), intsAttr("axes", 4))),
		"n (LpNormalization): attribute p: got 3, want 1 or 2":                                                  moreFile(17, node("LpNormalization", x(), intAttr("p", 3))),
	} {
		t.Run(want, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			_, err = graph.Compile(net, graph.Config{Input: net.Input()})
			require.ErrorContains(t, err, want)
		})
	}
}
