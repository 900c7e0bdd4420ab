package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestFolding: known numbers are broadcast as others are, and masks may be known.
func TestFolding(t *testing.T) {
	column := proto.Node{Operator: "Unsqueeze", Inputs: []string{"r", "last"}, Outputs: []string{"column"}}
	later := proto.Node{Operator: "Greater", Inputs: []string{"r", "column"}, Outputs: []string{"later"}}
	rows := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 2}, {Size: 2}}
		m.Graph.Outputs[0].Dims = nil
	}
	x4 := []float32{1, 2, 3, 4}
	for _, c := range []struct {
		name string
		file []byte
		want []float32
		size []int
	}{
		{"a causal mask", file(rows, one("out", -9), whole("r", 0, 1), whole("last", 1), column, later, node("Where", []string{"later", "out", "x"})), []float32{1, -9, 3, 4}, []int{1, 2, 2}},
		{"a mask that is turned", file(rows, one("out", -9), whole("r", 0, 1), whole("last", 1), column, later,
			proto.Node{Operator: "Not", Inputs: []string{"later"}, Outputs: []string{"n"}}, node("Where", []string{"n", "out", "x"})), []float32{-9, 2, -9, -9}, []int{1, 2, 2}},
		{"the shape of a sum", file(rows, whole("zero", 0), whole("first", 0), proto.Node{Operator: "Unsqueeze", Inputs: []string{"zero", "first"}, Outputs: []string{"row"}},
			proto.Node{Operator: "Add", Inputs: []string{"zero", "row"}, Outputs: []string{"index"}}, node("Gather", x("index"), whole1("axis", 1))), []float32{1, 2}, []int{1, 1, 1, 2}},
		{"the floor", file(rows, node("Floor", x())), x4, []int{1, 2, 2}},
	} {
		in := tensor.New(tensor.WithShape(1, 2, 2), tensor.WithBacking(x4))
		y := predicted(t, imported(t, c.file), in)
		require.Equal(t, c.size, []int(y.Shape()), c.name)
		require.Equal(t, c.want, y.Float32s(), c.name)
	}
}
