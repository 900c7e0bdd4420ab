package onnx_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAliases: an exporter writes equal tensors once, and an Identity for each other one. Each becomes its own parameter or
// state.
func TestAliases(t *testing.T) {
	four := func(name, number string) proto.Tensor {
		return proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{4}, Raw: []byte(strings.Repeat(number, 4))}
	}
	zeros, ones := four("zeros", "\x00\x00\x00\x00"), four("ones", "\x00\x00\x80\x3f")
	copyOf := func(from, to string) proto.Node {
		return proto.Node{Operator: "Identity", Inputs: []string{from}, Outputs: []string{to}}
	}
	norm := func(x, suffix, y string) proto.Node {
		return proto.Node{Operator: "BatchNormalization", Inputs: []string{x, "w" + suffix, "b" + suffix, "m" + suffix, "v" + suffix}, Outputs: []string{y}}
	}
	b := file(func(m *proto.Model) { m.Graph.Initializers = []proto.Tensor{zeros, ones} },
		copyOf("zeros", "b1"), copyOf("ones", "w1"), copyOf("zeros", "m1"), copyOf("ones", "v1"),
		copyOf("b1", "b2"), copyOf("ones", "w2"), copyOf("m1", "m2"), copyOf("ones", "v2"),
		norm("x", "1", "h"), norm("h", "2", "y"))
	net, err := onnx.Read(bytes.NewReader(b))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{LearningRate: 0.1}})
	require.NoError(t, err)
	require.Equal(t, []string{"b1", "b2", "m1", "m2", "v1", "v2", "w1", "w2"}, m.Weights().Names())
	x := samples(64, []int{4}, tensor.Float32)
	for i := range x.Float32s() {
		x.Float32s()[i] += 5
	}
	_, err = m.Fit(context.Background(), graph.Arrays{X: x, Y: samples(64, []int{4}, tensor.Float32)}, graph.FitConfig{Epochs: 30, BatchSize: 64})
	require.NoError(t, err)
	w := m.Weights()
	require.InDelta(t, 5, w["m1"].Float32s()[0], 0.8)
	require.InDelta(t, 0, w["m2"].Float32s()[0], 0.8)
	require.NotEqual(t, w["w1"].Float32s(), w["w2"].Float32s())
}

// TestSettings: settings of a node are not parameters, even if they are initializers, as in files of some programs. An
// exponent of several numbers is a parameter.
func TestSettings(t *testing.T) {
	initializer := func(name string, dims []int64, values any) func(m *proto.Model) {
		return func(m *proto.Model) {
			raw, err := binary.Append(nil, binary.LittleEndian, values)
			require.NoError(t, err)
			tensor := proto.Tensor{Name: name, Type: proto.Float32, Dims: dims, Raw: raw}
			if _, ok := values.([]int64); ok {
				tensor.Type = proto.Int64
			}
			m.Graph.Initializers = append(m.Graph.Initializers, tensor)
		}
	}
	numbers := func(name string, values ...float32) func(m *proto.Model) {
		return initializer(name, []int64{int64(len(values))}, values)
	}
	all := func(changes ...func(m *proto.Model)) func(m *proto.Model) {
		return func(m *proto.Model) {
			for _, f := range changes {
				f(m)
			}
		}
	}
	image := func(m *proto.Model) {
		m.Graph.Inputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: 2}, {Size: 2}}
		m.Graph.Outputs[0].Dims = []proto.Dim{{Name: "batch"}, {Size: 1}, {Size: 4}, {Size: 6}}
	}
	asymmetric := []proto.Attribute{
		{Name: "mode", Kind: proto.String, String: "nearest"}, {Name: "nearest_mode", Kind: proto.String, String: "floor"},
		{Name: "coordinate_transformation_mode", Kind: proto.String, String: "asymmetric"},
	}
	large := []float32{1, 1, 1, -2, -2, -2, 1, 1, 1, -2, -2, -2, 0.5, 0.5, 0.5, 7, 7, 7, 0.5, 0.5, 0.5, 7, 7, 7}
	for _, c := range []struct {
		name    string
		file    []byte
		want    []float32
		weights []string
	}{
		{"Clip", file(all(initializer("lo", nil, []float32{0}), initializer("hi", nil, []float32{6})), node("Clip", x("lo", "hi"))), []float32{1, 0, 0.5, 6}, nil},
		{"Pow", file(initializer("two", nil, []float32{2}), node("Pow", x("two"))), []float32{1, 4, 0.25, 49}, nil},
		{"Pow of several", file(numbers("p", 1, 1, 2, 2), node("Pow", x("p"))), []float32{1, -2, 0.25, 49}, []string{"p"}},
		{"Pad", file(all(initializer("pads", []int64{4}, []int64{0, 1, 0, 0}), initializer("by", nil, []float32{3})), node("Pad", x("pads", "by"))), []float32{3, 1, -2, 0.5, 7}, nil},
		{"Resize", file(all(image, numbers("roi"), numbers("scales", 1, 1, 2, 3)), node("Resize", x("roi", "scales"), asymmetric...)), large, nil},
		{"Resize to sizes", file(all(image, initializer("sizes", []int64{4}, []int64{1, 1, 4, 6})), node("Resize", x("", "", "sizes"), asymmetric...)), large, nil},
		{"Resize of opset 10", file(all(image, numbers("scales", 1, 1, 2, 3), func(m *proto.Model) { m.Opsets[0].Version = 10 }), node("Resize", x("scales"), asymmetric[0])), large, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := imported(t, c.file)
			in := tensor.New(tensor.WithShape(append([]int{1}, m.Input()...)...), tensor.WithBacking([]float32{1, -2, 0.5, 7}))
			require.ElementsMatch(t, c.weights, m.Weights().Names())
			opened := bytes.Buffer{}
			require.NoError(t, m.Save(&opened))
			again, err := graph.ReadModel(&opened)
			require.NoError(t, err)
			for _, m := range []*graph.Model{m, again} {
				require.Equal(t, c.want, predicted(t, m, in).Float32s())
			}
			t.Run("onnxruntime", func(t *testing.T) {
				y, err := ort.Start(t).Run(c.file, in)
				require.NoError(t, err)
				require.Equal(t, c.want, y[0].Float32s())
			})
		})
	}
}
