package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

// masked are files with infinite or very large numbers, as in attention masks, and their outputs for row.
var (
	row      = []float32{0.28065, -2, 3, 0}
	infinite = float32(inf)
	masked   = []struct {
		name string
		file []byte
		want []float32
	}{
		{"where", file(nil, floatNode("zero", 0), floatNode("out", -infinite), proto.Node{Operator: "Greater", Inputs: x("zero"), Outputs: []string{"t"}},
			node("Where", []string{"t", "x", "out"})), []float32{0.28065, -infinite, 3, -infinite}},
		{"where, the other way", file(nil, floatNode("zero", 0), floatNode("out", infinite), proto.Node{Operator: "Greater", Inputs: x("zero"), Outputs: []string{"t"}},
			node("Where", []string{"t", "out", "x"})), []float32{infinite, -2, infinite, 0}},
		{"pad", file(nil, intsNode("pads", 0, 1, 0, 2), floatNode("out", -1e9), node("Pad", x("pads", "out"))), []float32{-1e9, 0.28065, -2, 3, 0, -1e9, -1e9}},
		{"pad with -Inf", file(nil, intsNode("pads", 0, 1, 0, 0), floatNode("out", -infinite), node("Pad", x("pads", "out"))), []float32{-infinite, 0.28065, -2, 3, 0}},
		{"initializer", file(func(m *proto.Model) {
			m.Graph.Initializers = []proto.Tensor{{Name: "mask", Type: proto.Float32, Dims: []int64{4}, Raw: []byte("\x00\x00\x00\x00\x00\x00\x80\xff\x00\x00\x00\x00\x00\x00\x80\xff")}}
		}, node("Add", x("mask"))), []float32{0.28065, -infinite, 3, -infinite}},
	}
)

func TestMasked(t *testing.T) {
	in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking(row))
	for _, c := range masked {
		t.Run(c.name, func(t *testing.T) {
			m := imported(t, c.file)
			require.Equal(t, c.want, predicted(t, m, in).Float32s())
			var saved bytes.Buffer
			require.NoError(t, m.Save(&saved))
			opened, err := graph.ReadModel(&saved)
			require.NoError(t, err)
			require.Equal(t, c.want, predicted(t, opened, in).Float32s())
		})
	}
}

func TestMaskedRuntime(t *testing.T) {
	r := ort.Start(t)
	in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking(row))
	for _, c := range masked {
		t.Run(c.name, func(t *testing.T) {
			y, err := r.Run(c.file, in)
			require.NoError(t, err)
			require.Equal(t, c.want, y[0].Float32s())
		})
	}
}
