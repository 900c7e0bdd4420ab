package onnx_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestSizesOfNumbers: a size that a file computes in floating-point numbers is known to a Network, with the bits of the file's type.
// PyTorch writes F.interpolate(..., recompute_scale_factor=True) so.
func TestSizesOfNumbers(t *testing.T) {
	float32s := func(operator string, v float32) []proto.Node {
		return []proto.Node{floatNode("v", v), op("f", "Cast", []string{"n"}, intAttr("to", int64(proto.Float32))), op("p", operator, []string{"f", "v"})}
	}
	floor := op("r", "Floor", []string{"p"})
	for _, c := range []struct {
		name  string
		nodes []proto.Node // from the length n to the size r
	}{
		{"times 1.5", append(float32s("Mul", 1.5), floor)},
		{"times 2.3", append(float32s("Mul", 2.3), floor)},
		{"divided by 0.7", append(float32s("Div", 0.7), floor)},
		{"rounded up", append(float32s("Mul", 0.3), op("r", "Ceil", []string{"p"}))},
		{"rounded", append(float32s("Mul", 0.7), op("r", "Round", []string{"p"}))},
		{"truncated", append(float32s("Add", 1.75), op("r", "Identity", []string{"p"}))},
		{"at least 20", append(float32s("Max", 20), floor)},
		{"a square root", append(float32s("Add", 1), op("q", "Sqrt", []string{"p"}), op("r", "Ceil", []string{"q"}))},
		{"float64", []proto.Node{floatNode("v", 2.3), op("w", "Cast", []string{"v"}, intAttr("to", int64(proto.Float64))),
			op("f", "Cast", []string{"n"}, intAttr("to", int64(proto.Float64))), op("p", "Mul", []string{"f", "w"}), floor}},
		{"constants", []proto.Node{floatNode("v", 2.5), floatNode("f", 7), op("p", "Mul", []string{"f", "v"}), floor}},
	} {
		for _, to := range []proto.ElementType{proto.Int64, proto.Int32} {
			t.Run(fmt.Sprint(c.name, ", ", to), func(t *testing.T) {
				nodes := append([]proto.Node{op("all", "Shape", x()), intsNode("two", 2), op("n", "Gather", []string{"all", "two"})}, c.nodes...)
				nodes = append(nodes, intsNode("flat", 1), op("u", "Reshape", []string{"r", "flat"}), op("k", "Concat", []string{"u"}, intAttr("axis", 0)),
					op("i", "Cast", []string{"k"}, intAttr("to", int64(to))), op("j", "Cast", []string{"i"}, intAttr("to", int64(proto.Int64))),
					intsNode("zero", 0), op("front", "Slice", []string{"all", "zero", "two"}), op("sizes", "Concat", []string{"front", "j"}, intAttr("axis", 0)),
					node("Resize", x("", "", "sizes"), text("coordinate_transformation_mode", "asymmetric"), text("nearest_mode", "floor")))
				b := file(func(m *proto.Model) {
					m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 2}, {Name: "length"}}
					m.Graph.Outputs[0].Dims = nil
				}, nodes...)
				r, err := onnx.LoadBytes(b, "")
				require.NoError(t, err)
				net, err := onnx.Read(bytes.NewReader(b))
				require.NoError(t, err)
				m, err := graph.Compile(net, graph.Config{Input: net.Input()})
				require.NoError(t, err)
				for n := 5; n <= 40; n += 5 {
					in := samples(2, []int{2, n}, tensor.Float32)
					want := ran(t, r, map[string]onnx.Tensor{"x": {Shape: in.Shape(), Data: in.Float32s()}})["y"]
					got := predicted(t, m, in)
					require.Equal(t, want.Shape, []int(got.Shape()))
					require.Equal(t, want.Data, got.Float32s())
				}
			})
		}
	}
}
