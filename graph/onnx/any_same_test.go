package onnx_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// sliding returns layers with windows, padded to a size that is divided by the stride.
func sliding(size, stride, dilation int) map[string]network {
	line, area := []int{2, graph.Any}, []int{2, graph.Any, 5}
	list := map[string]network{
		"conv":      {"", layers.Conv1D{Filters: 3, Kernel: size, Stride: stride, Dilation: dilation, Padding: layers.Same}, line},
		"conv2d":    {"", layers.Conv2D{Filters: 3, Kernel: []int{size, 2}, Stride: []int{stride, 3}, Dilation: []int{dilation, 1}, Padding: layers.Same}, area},
		"depthwise": {"", layers.DepthwiseConv1D{Kernel: size, Stride: stride, Dilation: dilation, Padding: layers.Same, NoBias: true}, line},
		"max":       {"", layers.MaxPool1D{Size: size, Stride: stride, Dilation: dilation, Padding: layers.Same}, line},
		"max of zeros": {"", layers.Sequential{layers.ZeroPad1D{Before: 1, After: 2},
			layers.MaxPool1D{Size: size, Stride: stride, Dilation: dilation, Padding: layers.Same}}, line},
	}
	if dilation == 1 {
		list["mean"] = network{"", layers.AvgPool1D{Size: size, Stride: stride, Padding: layers.Same}, line}
		list["mean of elements"] = network{"", layers.AvgPool1D{Size: size, Stride: stride, Padding: layers.Same, IgnorePadding: true}, line}
		list["mean of an area"] = network{"", layers.AvgPool2D{Size: []int{size, 2}, Stride: []int{stride, 3}, Padding: layers.Same, IgnorePadding: true}, area}
	}
	return list
}

// checkSame compares files with windows of all kinds with the models, for sizes from 2 to 10, by onnxruntime if there is one.
func checkSame(t *testing.T, r *ort.Runtime) {
	for i, c := range [][3]int{{2, 2, 2}, {2, 4, 2}, {3, 2, 2}, {2, 3, 1}, {2, 6, 1}, {3, 6, 1}, {3, 2, 1}} {
		for name, n := range sliding(c[0], c[1], c[2]) {
			t.Run(fmt.Sprint(name, c), func(t *testing.T) {
				m := compiled(t, n, tensor.Float32)
				var shapes [][]int
				for size := 2; size <= 10; size++ {
					shapes = append(shapes, with(n.input, []int{size}))
				}
				checkShapes(t, r, m, []int{0, 11, 13, 18, 22}[i%5], shapes)
			})
		}
	}
}

// checkShapes compares the predictions of a model with those of its file, read again and run by r unless that is nil, for inputs of some
// shapes of a sample.
func checkShapes(t *testing.T, r *ort.Runtime, m *graph.Model, opset int, shapes [][]int) {
	var b bytes.Buffer
	require.NoError(t, onnx.Exporter{Opset: opset}.Write(&b, m))
	again := imported(t, b.Bytes())
	var inputs []*tensor.Dense
	for _, shape := range shapes {
		x := samples(2, shape, tensor.Float32)
		inputs = append(inputs, x)
		near(t, predicted(t, m, x), predicted(t, again, x), 1e-5)
	}
	if r == nil {
		return
	}
	outputs, err := r.Run(b.Bytes(), inputs...)
	require.NoError(t, err)
	for i, x := range inputs {
		near(t, predicted(t, m, x), outputs[i], 1e-5)
	}
}

func TestSame(t *testing.T)        { checkSame(t, nil) }
func TestSameRuntime(t *testing.T) { checkSame(t, ort.Start(t)) }
