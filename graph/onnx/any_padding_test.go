package onnx_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/layers"
)

// every returns a convolution with a stride, whose padding hides remainders of the size from the layers behind it.
func every(stride int) graph.Layer {
	return layers.Conv1D{Filters: 2, Kernel: 3, Stride: stride, Padding: layers.Same}
}

// behind are networks in which a padding that depends on the size is the same at the first sizes for which Write builds them.
var behind = []network{
	{"a stride of 3", layers.Sequential{every(3), every(2)}, []int{2, graph.Any}},
	{"strides of 3 and 2", layers.Sequential{every(3), every(2), every(2), every(2), every(2)}, []int{2, graph.Any}},
	{"pictures", layers.Sequential{layers.Conv2D{Filters: 2, Kernel: []int{1}, Stride: []int{3}, Padding: layers.Pad(2, 1)},
		layers.AvgPool2D{Size: []int{3, 2}, Stride: []int{2}, Padding: layers.Same}}, []int{2, graph.Any, graph.Any}},
	{"only the width", layers.Sequential{layers.Conv2D{Filters: 2, Kernel: []int{3}, Stride: []int{3}, Padding: layers.Same},
		layers.MaxPool2D{Size: []int{3}, Stride: []int{2}, Padding: layers.Same}}, []int{2, 5, graph.Any}},
	{"a stride of 4, a last window beyond the end", layers.MaxPool1D{Size: 2, Stride: 4, Dilation: 2, CeilMode: true, Padding: layers.Pad(1)}, []int{2, graph.Any}},
	{"a last window behind a stride", layers.Sequential{every(3), layers.MaxPool1D{Size: 3, Stride: 2, CeilMode: true}}, []int{2, graph.Any}},
	{"no padding", layers.Sequential{every(3), layers.Conv1D{Filters: 2, Kernel: 3, Stride: 2}}, []int{2, graph.Any}},
	{"a fixed padding", layers.Sequential{every(3), layers.Conv1D{Filters: 2, Kernel: 3, Stride: 2, Padding: layers.Pad(1)}}, []int{2, graph.Any}},
	{"multiples of six", layers.Residual{Layer: layers.Sequential{every(3), every(2), layers.UpSample1D{Size: 6}}}, []int{2, graph.Any}},
	{"in a loop", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Apply(every(3), x)
		_, outs := graph.Loop{Steps: 2}.Scan(s, nodes{s.Scalar(1).BroadcastTo(x.Dim(0), 1, 1)}, nil, func(s *graph.Scope, state, _ nodes) (next, out nodes) {
			next = nodes{state[0].Scale(0.5)}
			return next, nodes{s.Apply(every(2), y.Mul(next[0]))}
		})
		return graph.Concat(2, outs[0].Slice(0, 0, 1).Reshape(outs[0].Shape()[1:]...), outs[0].Slice(0, 1, 2).Reshape(outs[0].Shape()[1:]...))
	}), []int{2, graph.Any}},
}

// TestPaddingBehindStrides: a file pads for each size as the model does, also behind strides, where sizes that differ may have one remainder.
func TestPaddingBehindStrides(t *testing.T) {
	for _, n := range behind {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n, tensor.Float32)
			again := imported(t, written(t, m))
			ran := 0
			for size := 1; size <= 40; size++ {
				x := samples(2, with(n.input, []int{size, 1 + size*7%31}), tensor.Float32)
				want, err := m.Predict(t.Context(), x)
				if err != nil { // too short
					continue
				}
				ran++
				near(t, want, predicted(t, again, x), 1e-5)
				require.False(t, t.Failed(), "size %d", size)
			}
			require.GreaterOrEqual(t, ran, 6)
		})
	}
}

// TestPaddingErrors: an average with a last window beyond the end at some sizes has no form, also if the first sizes have none.
func TestPaddingErrors(t *testing.T) {
	for stride := range 4 {
		t.Run(fmt.Sprint(1+stride), func(t *testing.T) {
			net := layers.Sequential{every(1 + stride), layers.AvgPool1D{Size: 3, Stride: 2, CeilMode: true}}
			m, err := graph.Compile(net, graph.Config{Input: []int{2, graph.Any}})
			require.NoError(t, err)
			require.ErrorContains(t, onnx.Write(new(bytes.Buffer), m), "avgpool1d1: AvgPool: got settings that depend on the size of the batch or of a dimension that is graph.Any, want constants")
		})
	}
}
