package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestOneHotTypes: the depth and the values of OneHot may be integers or floating-point numbers, as for F.one_hot(x.argmax(1), 4).float()
// of PyTorch, which has integers.
func TestOneHotTypes(t *testing.T) {
	cast, most := intAttr("to", int64(proto.Float32)), op("a", "ArgMax", x(), intAttr("axis", 1), intAttr("keepdims", 0))
	in := float32s([]int{3, 4}, 1, 9, 2, 3, 5, 4, 3, 2, 0, 1, 2, 3)
	want := []float32{0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}
	for _, c := range []struct {
		name          string
		depth, values proto.Node
		cast          bool // integers are cast to numbers
	}{
		{"integers", intsNode("depth", 4), intsNode("values", 0, 1), true},
		{"numbers", intsNode("depth", 4), floatsNode("values", 0, 1), false},
		{"a depth of numbers", floatsNode("depth", 4), floatsNode("values", 0, 1), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			nodes := []proto.Node{most, c.depth, c.values, op("y", "OneHot", []string{"a", "depth", "values"}, intAttr("axis", -1))}
			if c.cast {
				nodes[3].Outputs[0] = "h"
				nodes = append(nodes, op("y", "Cast", []string{"h"}, cast))
			}
			b := file(func(*proto.Model) {}, nodes...)
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			require.Equal(t, want, ran(t, r, map[string]onnx.Tensor{"x": in})["y"].Data)
			require.Equal(t, want, predicted(t, imported(t, b), dense(in)).Float32s())
		})
	}
	for want, values := range map[string]proto.Node{
		"input 3: got [1 0], want constants 0 and 1":   intsNode("values", 1, 0),
		"input 3: got [0 0.5], want constants 0 and 1": floatsNode("values", 0, 0.5),
	} {
		net, err := onnx.Read(bytes.NewReader(file(func(*proto.Model) {}, most, intsNode("depth", 4), values, op("y", "OneHot", []string{"a", "depth", "values"}))))
		require.NoError(t, err)
		_, err = graph.Compile(net, graph.Config{Input: net.Input()})
		require.ErrorContains(t, err, want)
	}
}
