package onnx_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestWhere: what is not taken does not matter, nor its derivative what is.
func TestWhere(t *testing.T) {
	zero := one("zero", 0)
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
