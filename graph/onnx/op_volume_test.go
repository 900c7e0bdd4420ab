package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// volumes returns a file of a node over volumes of 4 channels and of size (5, 4, 6), with weights of the given shape, if any.
func volumes(operator string, weights []int64, attributes ...proto.Attribute) []byte {
	return file(func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 4}, {Size: 5}, {Size: 4}, {Size: 6}}
		m.Graph.Outputs[0].Dims = nil
		n := int64(1)
		for _, d := range weights {
			n *= d
		}
		if weights != nil {
			w := proto.Tensor{Name: "w", Type: proto.Float32, Dims: weights, Raw: raw(wave([]int{int(n)}).Data.([]float32)...)}
			m.Graph.Initializers = []proto.Tensor{w}
		}
	}, node(operator, x([]string{"w"}[:min(len(weights), 1)]...), attributes...))
}

// TestVolumes: a Network computes windows of three dimensions as a Runner does, which passes ONNX's tests of them.
func TestVolumes(t *testing.T) {
	text := func(name, v string) proto.Attribute {
		return proto.Attribute{Name: name, Kind: proto.String, String: v}
	}
	kernel := func(v ...int64) proto.Attribute { return intsAttr("kernel_shape", v...) }
	for name, b := range map[string][]byte{
		"Conv":                         volumes("Conv", []int64{3, 4, 2, 3, 1}),
		"Conv, padded":                 volumes("Conv", []int64{3, 4, 3, 3, 3}, intsAttr("pads", 1, 0, 2, 2, 1, 1)),
		"Conv, strides":                volumes("Conv", []int64{3, 4, 2, 2, 2}, intsAttr("strides", 3, 1, 2), intsAttr("pads", 1, 0, 0, 0, 0, 1)),
		"Conv, groups and dilations":   volumes("Conv", []int64{6, 2, 2, 2, 2}, intAttr("group", 2), intsAttr("dilations", 2, 1, 3)),
		"Conv, by channel":             volumes("Conv", []int64{4, 1, 3, 1, 2}, intAttr("group", 4), text("auto_pad", "SAME_UPPER"), intsAttr("strides", 2, 2, 2)),
		"ConvTranspose":                volumes("ConvTranspose", []int64{4, 3, 2, 3, 2}, intsAttr("strides", 2, 1, 3)),
		"ConvTranspose, cut":           volumes("ConvTranspose", []int64{4, 2, 3, 3, 3}, intsAttr("strides", 2, 2, 2), intsAttr("pads", 1, 0, 1, 0, 1, 1), intsAttr("output_padding", 1, 0, 1)),
		"ConvTranspose, groups":        volumes("ConvTranspose", []int64{4, 3, 2, 2, 2}, intAttr("group", 2), intsAttr("dilations", 2, 1, 2)),
		"MaxPool":                      volumes("MaxPool", nil, kernel(2, 3, 2), intsAttr("strides", 2, 1, 3), intsAttr("pads", 1, 1, 0, 0, 1, 1)),
		"MaxPool, ceil":                volumes("MaxPool", nil, kernel(2, 2, 4), intsAttr("strides", 2, 3, 3), intAttr("ceil_mode", 1), intsAttr("dilations", 1, 2, 1)),
		"AveragePool":                  volumes("AveragePool", nil, kernel(3, 2, 2), intsAttr("strides", 2, 1, 3), intsAttr("pads", 1, 1, 0, 1, 0, 1)),
		"AveragePool, counted padding": volumes("AveragePool", nil, kernel(3, 2, 2), intsAttr("pads", 2, 1, 0, 1, 0, 1), intAttr("count_include_pad", 1)),
		"GlobalMaxPool":                volumes("GlobalMaxPool", nil),
		"GlobalAveragePool":            volumes("GlobalAveragePool", nil),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			in := wave([]int{2, 4, 5, 4, 6})
			m := imported(t, b)
			got, err := onnx.FromDense(predicted(t, m, tensor.New(tensor.WithShape(in.Shape...), tensor.WithBacking(in.Data))))
			require.NoError(t, err)
			require.LessOrEqual(t, compare(t, ran(t, r, map[string]onnx.Tensor{"x": in})["y"], got), 1e-5)
		})
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"groups": {volumes("Conv", []int64{3, 1, 2, 2, 2}, intAttr("group", 3)), "n (Conv): got 4 channels and 3 groups"},
		"window": {volumes("Conv", []int64{3, 4, 7, 2, 2}), "n (Conv): got a depth of 5 with padding 0 and 0, want at least the 7 of the window"},
	} {
		t.Run(name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(c.file))
			require.NoError(t, err)
			_, err = graph.Compile(net, graph.Config{Input: net.Input()})
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestScatterElementsComputed: positions that are computed get values, or values are added there.
func TestScatterElementsComputed(t *testing.T) {
	for name, c := range map[string]struct {
		how  string
		want []float32
	}{
		"put": {"none", []float32{-2, 3, 0.5, 1}}, // at 3, 0, 2, 1
		"add": {"add", []float32{-1, 1, 1, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			top := proto.Node{Operator: "TopK", Inputs: []string{"x", "four"}, Outputs: []string{"values", "index"}}
			how := proto.Attribute{Name: "reduction", Kind: proto.String, String: c.how}
			b := file(nil, intsNode("four", 4), top, node("ScatterElements", x("index", "x"), how, intAttr("axis", 1)))
			in := float32s([]int{1, 4}, 1, -2, 0.5, 3)
			d, err := in.Dense()
			require.NoError(t, err)
			require.Equal(t, c.want, predicted(t, imported(t, b), d).Data())
			r, err := onnx.LoadBytes(b, "")
			require.NoError(t, err)
			require.Equal(t, c.want, ran(t, r, map[string]onnx.Tensor{"x": in})["y"].Data)
		})
	}
}
