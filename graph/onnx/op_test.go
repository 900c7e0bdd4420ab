package onnx_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestFolding: known integers are broadcast, and masks may be known.
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
		{"a causal mask", file(rows, floatNode("out", -9), intsNode("r", 0, 1), intsNode("last", 1), column, later, node("Where", []string{"later", "out", "x"})), []float32{1, -9, 3, 4}, []int{1, 2, 2}},
		{"a negated mask", file(rows, floatNode("out", -9), intsNode("r", 0, 1), intsNode("last", 1), column, later,
			proto.Node{Operator: "Not", Inputs: []string{"later"}, Outputs: []string{"n"}}, node("Where", []string{"n", "out", "x"})), []float32{-9, 2, -9, -9}, []int{1, 2, 2}},
		{"the shape of a sum", file(rows, intsNode("zero", 0), intsNode("first", 0), proto.Node{Operator: "Unsqueeze", Inputs: []string{"zero", "first"}, Outputs: []string{"row"}},
			proto.Node{Operator: "Add", Inputs: []string{"zero", "row"}, Outputs: []string{"index"}}, node("Gather", x("index"), intAttr("axis", 1))), []float32{1, 2}, []int{1, 1, 1, 2}},
		{"the floor", file(rows, node("Floor", x())), x4, []int{1, 2, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := tensor.New(tensor.WithShape(1, 2, 2), tensor.WithBacking(x4))
			y := predicted(t, imported(t, c.file), in)
			require.Equal(t, c.size, []int(y.Shape()))
			require.Equal(t, c.want, y.Float32s())
		})
	}
}

// TestGatherMany: many indices along an inner axis take the right parts.
func TestGatherMany(t *testing.T) {
	const n = 50
	numbers := make([]int64, n)
	for i := range numbers {
		numbers[i] = int64(i * i % 7)
	}
	dims := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 3}, {Size: 7}, {Size: 2}}
	}
	net, err := onnx.Read(bytes.NewReader(file(dims, intsNode("i", numbers...), node("Gather", x("i"), proto.Attribute{Name: "axis", Kind: proto.Int, Int: 2}))))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: []int{3, 7, 2}})
	require.NoError(t, err)
	in := samples(2, []int{3, 7, 2}, tensor.Float32)
	y, err := m.Predict(context.Background(), in)
	require.NoError(t, err)
	require.Equal(t, []int{2, 3, n, 2}, []int(y.Shape()))
	for i, v := range y.Float32s() {
		outer, at, inner := i/(2*n), i/2%n, i%2
		require.Equal(t, in.Float32s()[outer*14+int(numbers[at])*2+inner], v)
	}
}

// TestWhere: the element not chosen is ignored, even if it is NaN, and so is its derivative.
func TestWhere(t *testing.T) {
	zero := floatNode("zero", 0)
	above := proto.Node{Operator: "Greater", Inputs: x("zero"), Outputs: []string{"t"}}
	root := proto.Node{Operator: "Sqrt", Inputs: x(), Outputs: []string{"r"}}
	b := file(nil, zero, above, root, node("Where", []string{"t", "r", "x"}))
	in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{4, -2, 9, float32(math.Inf(-1))}))
	want := []float32{2, -2, 3, float32(math.Inf(-1))}
	require.Equal(t, want, predicted(t, imported(t, b), in).Float32s())
	own := graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Sqrt().Where(x, x.Sin()) })
	graphtest.Layer(t, graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Square().Where(x, x.Sin()) }), 3, 4)
	m, err := graph.Compile(own, graph.Config{Input: []int{4}})
	require.NoError(t, err)
	t.Run("onnxruntime", func(t *testing.T) {
		r := ort.Start(t)
		y, err := r.Run(b, in)
		require.NoError(t, err)
		require.Equal(t, want, y[0].Float32s())
		in.Float32s()[3] = -1
		y, err = r.Run(written(t, m), in)
		require.NoError(t, err)
		near(t, predicted(t, m, in), y[0], 1e-6)
	})
}
