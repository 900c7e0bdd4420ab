package onnx_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestRunnerMemory: a run uses the elements of the runs before, and the weights that were put in order in the first one.
func TestRunnerMemory(t *testing.T) {
	g := proto.Graph{Inputs: []proto.Value{{Name: "x", Type: proto.Float32}}, Outputs: valuesOf("y")}
	add := func(n proto.Node) { g.Nodes = append(g.Nodes, n) }
	constant := func(name string, dims ...int64) {
		w := numbers("", normal(1, int(dims[0]*dims[1]*dims[2]*dims[3]))...)
		w.Dims = dims
		add(proto.Node{Operator: "Constant", Outputs: []string{name}, Attributes: []proto.Attribute{{Name: "value", Kind: proto.Dense, Tensor: &w}}})
	}
	constant("w", 64, 3, 3, 3)
	constant("v", 64, 64, 3, 3)
	add(op("p0", "Conv", []string{"x", "w"}, intsAttr("pads", 1, 1, 1, 1)))
	for i := range 4 {
		add(op(fmt.Sprint("c", i), "Conv", []string{fmt.Sprint("p", i), "v"}, intsAttr("pads", 1, 1, 1, 1)))
		add(op(fmt.Sprint("r", i), "Relu", []string{fmt.Sprint("c", i)}))
		add(op(fmt.Sprint("f", i), "Flatten", []string{fmt.Sprint("r", i)}))
		add(op(fmt.Sprint("s", i), "Shape", []string{fmt.Sprint("r", i)}))
		add(op(fmt.Sprint("t", i), "Tanh", []string{fmt.Sprint("f", i)}))
		add(op(fmt.Sprint("q", i), "Reshape", []string{fmt.Sprint("t", i), fmt.Sprint("s", i)}))
		add(op(fmt.Sprint("p", i+1), "MaxPool", []string{fmt.Sprint("q", i)}, intsAttr("kernel_shape", 3, 3), intsAttr("pads", 1, 1, 1, 1)))
	}
	add(op("y", "GlobalAveragePool", []string{"p4"}))
	r, x := loaded(t, g), map[string]onnx.Tensor{"x": float32s([]int{1, 3, 24, 24}, normal(1, 3*24*24)...)}
	ran(t, r, x)
	var before, after runtime.MemStats
	const runs = 20
	runtime.ReadMemStats(&before)
	for range runs {
		ran(t, r, x)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/runs, uint64(4*64*24*24), "bytes in a run, with one of the larger values")
}
