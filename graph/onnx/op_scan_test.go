package onnx_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// numbers returns an initializer.
func numbers(name string, values ...float32) proto.Tensor {
	t := proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{int64(len(values))}}
	for _, v := range values {
		t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(v))
	}
	return t
}

// apply returns a node with one output.
func apply(output, operator string, inputs ...string) proto.Node {
	return proto.Node{Operator: operator, Inputs: inputs, Outputs: []string{output}}
}

func graphAttr(name string, g *proto.Graph) proto.Attribute {
	return proto.Attribute{Name: name, Kind: proto.Nested, Graph: g}
}

// valuesOf returns inputs or outputs of a graph.
func valuesOf(names ...string) (list []proto.Value) {
	for _, name := range names {
		list = append(list, proto.Value{Name: name, Type: proto.Float32, Dims: []proto.Dim{{}, {}}})
	}
	return list
}

// scanFile returns a file with a Scan over axis 1 of the input, (batch, 4, 3), and over its rows in reverse by another name. A step
// uses an initializer and a constant of its own, values outside, and a name that a value outside has too.
func scanFile(attributes ...proto.Attribute) []byte {
	body := &proto.Graph{
		Name: "body", Inputs: valuesOf("state", "a", "x"), Outputs: valuesOf("next", "out", "twice"), Initializers: []proto.Tensor{numbers("w", 0.5, -1, 2)},
		Nodes: []proto.Node{
			apply("scaled", "Mul", "state", "w"), apply("sum", "Add", "scaled", "a"), apply("outside", "Mul", "x", "v"), apply("next", "Add", "sum", "outside"),
			apply("out", "Sin", "next"), floatNode("two", 2), apply("twice", "Mul", "a", "two"),
		},
	}
	m := &proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
		Inputs:       []proto.Value{{Name: graph.MainInput, Type: proto.Float32, Dims: []proto.Dim{{Name: "batch"}, {Size: 4}, {Size: 3}}}},
		Outputs:      []proto.Value{{Name: graph.MainOutput, Type: proto.Float32, Dims: []proto.Dim{{Name: "batch"}, {}, {}}}, {Name: "last", Type: proto.Float32, Dims: []proto.Dim{{}, {}}}, {Name: "outs", Type: proto.Float32, Dims: []proto.Dim{{}, {}, {}}}},
		Initializers: []proto.Tensor{numbers("v", 1, 2, 3), numbers("w", 0.25, 0.5, 1)},
		Nodes: []proto.Node{
			intsNode("zero", 0), intsNode("one", 1), apply("x", "Sin", graph.MainInput), {Operator: "Slice", Inputs: []string{"x", "zero", "one", "one"}, Outputs: []string{"first3"}},
			{Operator: "Squeeze", Inputs: []string{"first3", "one"}, Outputs: []string{"first"}}, apply("init", "Mul", "first", "w"),
			{Name: "n", Operator: "Scan", Inputs: []string{"init", "x", graph.MainInput}, Outputs: []string{"last", graph.MainOutput, "outs"},
				Attributes: append([]proto.Attribute{graphAttr("body", body), intAttr("num_scan_inputs", 2)}, attributes...)},
		},
	}}
	return proto.Encode(m)
}

// TestScanCases: loops with any axes and directions compute the same here, in onnxruntime, and in a file that is written again. All
// initializers are parameters.
func TestScanCases(t *testing.T) {
	axes := []proto.Attribute{intsAttr("scan_input_axes", 1, -2), intsAttr("scan_output_axes", 1, -1)}
	for _, c := range []struct {
		name       string
		attributes []proto.Attribute
	}{
		{"axes", nil},
		{"directions", []proto.Attribute{intsAttr("scan_input_directions", 0, 1), intsAttr("scan_output_directions", 1, 0)}},
		{"all in reverse", []proto.Attribute{intsAttr("scan_input_directions", 1, 1), intsAttr("scan_output_directions", 1, 1)}},
		{"inputs in reverse", []proto.Attribute{intsAttr("scan_input_directions", 1, 1)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := scanFile(append(slices.Clone(axes), c.attributes...)...)
			m := imported(t, file)
			require.Equal(t, []string{"v", "w", "w_2"}, m.Weights().Names())
			in := map[string]*graph.Tensor{graph.MainInput: samples(2, []int{4, 3}, tensor.Float32)}
			want, err := m.PredictAll(t.Context(), in)
			require.NoError(t, err)
			again := written(t, m)
			got, err := imported(t, again).PredictAll(t.Context(), in)
			require.NoError(t, err)
			equalAll(t, want, got, 1e-6)
			t.Run("onnxruntime", func(t *testing.T) {
				r := ort.Start(t)
				for _, file := range [][]byte{file, again} {
					got, err := r.RunAll(file, in)
					require.NoError(t, err)
					equalAll(t, want, got, 1e-5)
				}
			})
		})
	}
}
