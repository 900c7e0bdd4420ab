package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestBranchesBySize: a Network whose nodes depend on the number of steps has the parameters of all of them, and trains those of the sizes
// that it gets.
func TestBranchesBySize(t *testing.T) {
	graphOf := func(name string, in []string, out string, nodes ...proto.Node) proto.Attribute {
		g := &proto.Graph{Name: name, Nodes: nodes, Outputs: []proto.Value{{Name: out, Type: proto.Float32}}}
		for _, v := range in {
			g.Inputs = append(g.Inputs, proto.Value{Name: v})
		}
		return proto.Attribute{Name: name, Kind: proto.Nested, Graph: g}
	}
	times := func(name, weight string) proto.Attribute {
		return graphOf(name, nil, "r_"+name, op("r_"+name, "Mul", []string{"x", weight}))
	}
	steps := []proto.Node{op("shape", "Shape", x()), intsNode("one", 1), intsNode("few", 4), intsNode("zero", 0), intsNode("axis", 0),
		op("n", "Gather", []string{"shape", "one"}), op("more", "Greater", []string{"n", "few"}), op("rest", "Sub", []string{"n", "few"}),
		op("count", "Max", []string{"rest", "zero"})}
	loop := graphOf("body", []string{"i", "c", "s"}, "c", op("t", "Mul", []string{"s", "short"}))
	loop.Graph.Outputs = append(loop.Graph.Outputs, proto.Value{Name: "t"})
	nested := graphOf("else_branch", nil, "z", op("z", "If", []string{"more"}, times("then_branch", "long"), times("else_branch", "short")))
	for name, list := range map[string][]proto.Node{
		"if":         {node("If", []string{"more"}, times("then_branch", "long"), times("else_branch", "short"))},
		"if in if":   {node("If", []string{"more"}, times("then_branch", "long"), nested)},
		"a weight":   {op("w", "If", []string{"more"}, graphOf("then_branch", nil, "long"), graphOf("else_branch", nil, "short")), node("Mul", x("w"))},
		"no steps":   {op("a", "Mul", x("long")), node("Loop", []string{"count", "", "a"}, loop)},
		"some steps": {op("least", "Max", []string{"few", "n"}), op("a", "Mul", x("long")), op("less", "Sub", []string{"least", "n"}), node("Loop", []string{"less", "", "a"}, loop)},
	} {
		t.Run(name, func(t *testing.T) {
			b := file(func(m *proto.Model) {
				m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Name: "time"}, {Size: 2}}
				m.Graph.Outputs[0].Dims = nil
				m.Graph.Initializers = []proto.Tensor{numbers("long", 2, 3), numbers("short", 5, 7)}
			}, append(steps, list...)...)
			net, err := onnx.Read(bytes.NewReader(b))
			require.NoError(t, err)
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
			require.NoError(t, err)
			require.Equal(t, []string{"long", "short"}, m.Weights().Names())
			for _, size := range []int{5, 3, 6, 1} {
				x := samples(2, []int{size, 2}, tensor.Float32)
				feed, err := onnx.FromDense(x)
				require.NoError(t, err)
				want, err := ran(t, r, map[string]onnx.Tensor{"x": feed})["y"].Dense()
				require.NoError(t, err)
				near(t, want, predicted(t, m, x), 1e-6)
			}
			for _, size := range []int{3, 5} {
				x := samples(2, []int{size, 2}, tensor.Float32)
				_, err = m.Fit(t.Context(), graph.Arrays{X: x, Y: x}, graph.FitConfig{Epochs: 1})
				require.NoError(t, err)
			}
			for name, before := range map[string]float32{"long": 2, "short": 5} {
				require.NotEqual(t, before, m.Weights()[name].Float32s()[0], name)
			}
		})
	}
}
