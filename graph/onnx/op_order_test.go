package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

func textAttr(name, v string) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.String, String: v}
}

// named returns a node with the given output.
func named(output, operator string, inputs []string, attributes ...proto.Attribute) proto.Node {
	return proto.Node{Name: output, Operator: operator, Inputs: inputs, Outputs: []string{output}, Attributes: attributes}
}

// toFloat returns a cast to float32 with the output y.
func toFloat(input string) proto.Node {
	return node("Cast", []string{input}, intAttr("to", int64(proto.Float32)))
}

// orderCases are the operators of op_order.go with attributes that our files do not use.
func orderCases() []operatorCase {
	dims := func(d ...int64) func(m *proto.Model) {
		return func(m *proto.Model) {
			m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}}
			for _, n := range d {
				m.Graph.Outputs[0].Dims = append(m.Graph.Outputs[0].Dims, proto.Dim{Size: n})
			}
		}
	}
	// An index for all rows of the batch.
	index := func(v ...int64) []proto.Node {
		return []proto.Node{intsNode("known", v...), named("size", "Shape", x()), named("index", "Expand", []string{"known", "size"})}
	}
	with := func(list []proto.Node, more ...proto.Node) []proto.Node { return append(list, more...) }
	smallest := named("v", "TopK", x("k"), intAttr("largest", 0), intAttr("sorted", 1))
	smallest.Outputs = []string{"v", "at"}
	sign := named("sign", "Sign", x())
	return []operatorCase{
		{"Einsum", file(nil, node("Einsum", x("x", "x"), textAttr("equation", "...i, ...j, ...i -> ...i"))), []float32{2.5, 10, 0.625, 22.5}},
		{"Tile", file(dims(8), intsNode("n", 1, 2), node("Tile", x("n"))), []float32{1, -2, 0.5, 3, 1, -2, 0.5, 3}},
		{"ReduceL1", file(dims(1), node("ReduceL1", x(), intsAttr("axes", 1))), []float32{6.5}},
		{"ReduceLogSumExp", file(dims(), node("ReduceLogSumExp", x(), intsAttr("axes", 1), intAttr("keepdims", 0))), []float32{3.2022533}},
		{"ArgMax, the last", file(dims(1), sign, named("at", "ArgMax", []string{"sign"}, intAttr("axis", -1), intAttr("select_last_index", 1)), toFloat("at")), []float32{3}},
		{"ArgMin, no dimension", file(dims(), named("at", "ArgMin", x(), intAttr("axis", 1), intAttr("keepdims", 0)), toFloat("at")), []float32{1}},
		{"TopK, smallest", file(dims(2), intsNode("k", 2), smallest, node("Identity", []string{"v"})), []float32{-2, 0.5}},
		{"GatherElements, from the end", file(nil, with(index(-1, 0, 1, -2), node("GatherElements", x("index"), intAttr("axis", 1)))...), []float32{3, 1, -2, 0.5}},
		{"GatherElements, computed", file(dims(1), named("at", "ArgMin", x(), intAttr("axis", 1)), node("GatherElements", x("at"), intAttr("axis", -1))), []float32{-2}},
		{"ScatterElements", file(func(m *proto.Model) { m.Opsets[0].Version = 18 }, with(index(0, 0, -1, 3), node("ScatterElements", x("index", "x"), intAttr("axis", 1), textAttr("reduction", "add")))...),
			[]float32{0, -2, 0.5, 6.5}},
		{"ScatterElements, one number several times", file(nil, with(index(0, 0, -1, 3), sign, named("one", "Abs", []string{"sign"}),
			node("ScatterElements", x("index", "one"), intAttr("axis", 1)))...), []float32{1, -2, 0.5, 1}},
		{"ScatterElements, what is there already", file(nil, with(index(2, 1, 1, 1), named("same", "GatherElements", x("index"), intAttr("axis", 1)),
			node("ScatterElements", x("index", "same"), intAttr("axis", 1)))...), []float32{1, -2, 0.5, 3}},
		{"ScatterElements, the last of several", file(nil, with(index(3, 1, -1, 1), node("ScatterElements", x("index", "x"), intAttr("axis", 1)))...), []float32{1, 3, 0.5, 0.5}},
		{"CumSum, from the end", file(nil, intsNode("axis", -1), node("CumSum", x("axis"), intAttr("reverse", 1))), []float32{2.5, 1.5, 3.5, 3}},
		{"Trilu, lower", file(nil, intsNode("a", 1), named("r", "Unsqueeze", x("a")), intsNode("n", 1, 4, 1), named("many", "Tile", []string{"r", "n"}),
			named("low", "Trilu", []string{"many"}, intAttr("upper", 0)), node("ReduceSum", []string{"low", "a"}, intAttr("keepdims", 0))), []float32{4, -6, 1, 3}},
		{"Mod of numbers", file(nil, floatNode("by", 0.75), node("Mod", x("by"), intAttr("fmod", 1))), []float32{0.25, -0.5, 0.5, 0}},
		{"Mod of known integers", file(nil, intsNode("a", 7), intsNode("b", -3), named("r", "Mod", []string{"a", "b"}), named("f", "Cast", []string{"r"}, intAttr("to", int64(proto.Float32))), node("Add", x("f"))), []float32{-1, -4, -1.5, 1}},
		{"Mod of computed integers", file(dims(1), intsNode("two", 2), named("at", "ArgMax", x(), intAttr("axis", 1)), named("r", "Mod", []string{"at", "two"}), toFloat("r")), []float32{1}},
		{"SoftmaxCrossEntropyLoss", file(dims(), named("at", "ArgMin", x(), intAttr("axis", 1), intAttr("keepdims", 0)), node("SoftmaxCrossEntropyLoss", x("at"), textAttr("reduction", "none"))), []float32{5.2022533}},
	}
}

// TestOrderErrors: what is not supported is an error that names the node.
func TestOrderErrors(t *testing.T) {
	for want, f := range map[string][]byte{
		"n (ArgMax): attribute axis: got 2 for shape [2 4], want one of its axes":                  file(nil, node("ArgMax", x(), intAttr("axis", 2))),
		"n (TopK): input 2: got 2 integers, want one":                                              file(nil, intsNode("k", 1, 2), node("TopK", x("k"))),
		"n (TopK): TopK: got k 5 for axis 1 of shape [2 4], want 1 to 4":                           file(nil, intsNode("k", 5), node("TopK", x("k"))),
		"n (TopK): input 2: got values computed at run time, want constants":                       file(nil, node("TopK", x("x"))),
		"n (GatherElements): input 2: got floating-point numbers or bools, want integers":          file(nil, node("GatherElements", x("x"))),
		"n (ScatterElements): attribute reduction: got \"mul\", want none or add":                  file(nil, node("ScatterElements", x("x", "x"), textAttr("reduction", "mul"))),
		"n (ScatterElements): input 2: got floating-point numbers or bools, want integers":         file(nil, node("ScatterElements", x("x", "x"))),
		"n (CumSum): input 2: got 2 integers, want one axis":                                       file(nil, intsNode("k", 1, 2), node("CumSum", x("k"))),
		"n (CumSum): CumSum: got axis 2 for shape [2 4]":                                           file(nil, intsNode("k", 2), node("CumSum", x("k"))),
		"n (Trilu): input 2: got 2 integers, want one":                                             file(nil, intsNode("k", 1, 2), node("Trilu", x("k"))),
		"n (Tile): input 2: got 1 counts for shape [2 4], want one for each dimension":             file(nil, intsNode("k", 1), node("Tile", x("k"))),
		"n (Tile): input 2: got [0 1], want counts of 1 or more":                                   file(nil, intsNode("k", 0, 1), node("Tile", x("k"))),
		"n (Tile): got shape [33554432 67108864], want at most 1099511627776 elements":             file(nil, intsNode("k", 1<<40, 1<<40), node("Tile", x("k"))),
		"n (Mod): attribute fmod: got 0 for floating-point numbers, want 1":                        file(nil, node("Mod", x("x"))),
		"n (Mod): got 1 mod 0, want an int64 remainder":                                            file(nil, intsNode("a", 1), intsNode("b", 0), node("Mod", []string{"a", "b"})),
		"n (Einsum): Einsum: equation \"bi->c\": result: got the letter 'c', want one of a node":   file(nil, node("Einsum", x(), textAttr("equation", "bi->c"))),
		"n (SoftmaxCrossEntropyLoss): input 2: got floating-point numbers or bools, want integers": file(nil, node("SoftmaxCrossEntropyLoss", x("x"))),
		"n (SoftmaxCrossEntropyLoss): attribute reduction: got \"median\", want none, mean or sum": file(nil, named("at", "ArgMax", x(), intAttr("axis", 1), intAttr("keepdims", 0)), node("SoftmaxCrossEntropyLoss", x("at"), textAttr("reduction", "median"))),
		"Read: n (SoftmaxCrossEntropyLoss): got unsupported attribute \"ignore_index\"":            file(nil, node("SoftmaxCrossEntropyLoss", x("x"), intAttr("ignore_index", 1))),
	} {
		t.Run(want, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(f))
			if err == nil {
				_, err = graph.Compile(net, graph.Config{Input: []int{4}})
			}
			require.ErrorContains(t, err, want)
		})
	}
}

// TestCumProdOfTheBatch: products along the batch have no form in ONNX.
func TestCumProdOfTheBatch(t *testing.T) {
	m, err := graph.Compile(lambda(func(x graph.Node) graph.Node { return x.CumProd(0, false, false) }), graph.Config{Input: []int{3}})
	require.NoError(t, err)
	require.ErrorContains(t, onnx.Write(new(bytes.Buffer), m), "Recurrence: got a recurrence along an axis whose size is the batch size, want one of a fixed size")
}
