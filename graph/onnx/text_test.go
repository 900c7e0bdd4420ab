package onnx_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// bytesOf returns the file of a model.
func bytesOf(t *testing.T, m *graph.Model) []byte {
	var b bytes.Buffer
	require.NoError(t, m.Save(&b))
	return b.Bytes()
}

// TestSave: a model that contains a network from PyTorch is trained, saved and opened. The opened model predicts the same
// bits, saves the same bytes, and continues training as the original does.
func TestSave(t *testing.T) {
	ctx := context.Background()
	for _, c := range golden.Own[torchCase](t, "torch.json") {
		t.Run(c.Name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(c.File))
			require.NoError(t, err)
			m, err := graph.Compile(layers.Sequential{layers.Named("trunk", net), layers.Flatten{}, layers.Dense{Units: 2}}, graph.Config{
				Input: net.Input(), Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{LearningRate: 1e-3}, Seed: 1,
			})
			require.NoError(t, err)
			require.NoError(t, m.Portable())
			x := c.Input.Dense(tensor.Float32)
			rows := x.Shape()[0]
			y := tensor.New(tensor.WithShape(rows, 2), tensor.WithBacking(make([]float32, 2*rows)))
			fit := func(m *graph.Model) {
				_, err := m.Fit(ctx, graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 3, BatchSize: rows})
				require.NoError(t, err)
			}
			predict := func(m *graph.Model) []float32 {
				y, err := m.Predict(ctx, x)
				require.NoError(t, err)
				return y.Float32s()
			}
			before := predict(m)
			fit(m)
			require.NotEqual(t, before, predict(m))
			file := bytesOf(t, m)
			opened, err := graph.ReadModel(bytes.NewReader(file))
			require.NoError(t, err)
			require.Equal(t, predict(m), predict(opened))
			require.Equal(t, file, bytesOf(t, opened))
			fit(m)
			fit(opened)
			require.Equal(t, bytesOf(t, m), bytesOf(t, opened))
		})
	}
}

// TestTextHasNoWeights: a model file stores the weights only once.
func TestTextHasNoWeights(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 100}, layers.Tanh{}, layers.Dense{Units: 10}}, graph.Config{Input: []int{100}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	net, err := onnx.Read(&file)
	require.NoError(t, err)
	trunk, err := graph.Compile(net, graph.Config{Input: net.Input()})
	require.NoError(t, err)
	require.InDelta(t, len(bytesOf(t, m)), len(bytesOf(t, trunk)), 1000)
}

// FuzzText: a network read from a text is written as a text that reads as the same network.
func FuzzText(f *testing.F) {
	files := [][]byte{scanFile()}
	for _, c := range golden.Own[torchCase](f, "torch.json") {
		files = append(files, c.File)
	}
	for _, file := range files {
		net, err := onnx.Read(bytes.NewReader(file))
		require.NoError(f, err)
		text, err := net.MarshalText()
		require.NoError(f, err)
		model, err := base64.StdEncoding.DecodeString(string(text))
		require.NoError(f, err)
		f.Add(model)
	}
	f.Fuzz(func(t *testing.T, model []byte) {
		var n, again onnx.Network
		if n.UnmarshalText([]byte(base64.StdEncoding.EncodeToString(model))) != nil {
			return
		}
		text, err := n.MarshalText()
		if err != nil {
			require.ErrorContains(t, err, "line break")
			return
		}
		require.NoError(t, again.UnmarshalText(text))
		second, err := again.MarshalText()
		require.NoError(t, err)
		require.Equal(t, string(text), string(second))
	})
}

// TestTextErrors: texts that MarshalText does not write are errors.
func TestTextErrors(t *testing.T) {
	_, err := onnx.Network{}.MarshalText()
	require.ErrorContains(t, err, "got an empty Network")
	text := func(change func(m *proto.Model)) []byte {
		return []byte(base64.StdEncoding.EncodeToString(file(change, node("Mul", x("w")))))
	}
	parameter := func(name string, dims ...int64) func(m *proto.Model) {
		return func(m *proto.Model) {
			v := proto.Value{Name: "w", Type: proto.Float32}
			for _, d := range dims {
				v.Dims = append(v.Dims, proto.Dim{Size: d})
			}
			m.Graph.Inputs = append(m.Graph.Inputs, v)
			m.Metadata = append(m.Metadata, proto.Property{Key: "nndiy.parameter", Value: name})
		}
	}
	for _, r := range []struct {
		name string
		text []byte
		want string
	}{
		{"not base64", []byte("?"), "onnx: illegal base64 data at input byte 0"},
		{"empty", nil, "onnx: got no graph"},
		{"another name", text(parameter("v", 4)), `onnx: parameter "v": got no input of this name, want one`},
		{"no elements", text(parameter("w", 4, 0)), `onnx: parameter "w": got a dimension of 0, want 1 or more`},
		{"a huge dimension", text(parameter("w", 1<<24+1)), `onnx: parameter "w": got a dimension of 16777217, want 1 or more`},
		{"a huge shape", text(parameter("w", 1<<24, 1<<24)), `onnx: parameter "w": got a dimension of 16777216, want 1 or more and at most`},
		{"twice", text(func(m *proto.Model) { parameter("w", 4)(m); parameter("w", 4)(m) }),
			`onnx: initializer: got the name "w", want a unique name that is not empty`},
		{"undeclared", text(nil), `onnx: n (Mul): got input "w", want an output of an earlier node, an initializer or an input of the network`},
		{"integers", text(func(m *proto.Model) {
			parameter("w", 4)(m)
			m.Graph.Inputs[len(m.Graph.Inputs)-1].Type = proto.Int8
		}), `onnx: parameter "w": got elements of int8, want floating-point numbers`},
	} {
		t.Run(r.name, func(t *testing.T) {
			require.ErrorContains(t, new(onnx.Network).UnmarshalText(r.text), r.want)
		})
	}
	n := new(onnx.Network)
	require.NoError(t, n.UnmarshalText(text(parameter("w", 4))))
	_, err = graph.Compile(n, graph.Config{Input: n.Input()})
	require.ErrorContains(t, err, "got a network without weights, want the weights in its model's file: use graph.Open")
}
