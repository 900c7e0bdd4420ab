package onnx_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/layers"
)

// operators returns the operators of a file's nodes in order, without Constant.
func operators(t *testing.T, file []byte) (list []string) {
	m, err := proto.Decode(file)
	require.NoError(t, err)
	for _, n := range m.Graph.Nodes {
		if n.Operator != "Constant" {
			list = append(list, n.Operator)
		}
	}
	return list
}

// TestVocabulary: every registered layer is in the table vocabulary or operations. Embedding is too, but after a layer that cannot be
// saved; Lengths, which needs another input, has TestLengths.
func TestVocabulary(t *testing.T) {
	var files bytes.Buffer
	for _, n := range append(slices.Clone(vocabulary), operations...) {
		if m := compiled(t, n, tensor.Float32); m.Portable() == nil {
			require.NoError(t, m.Save(&files))
		}
	}
	count := 0
	for _, name := range graph.Registered() {
		if strings.HasPrefix(name, "layers.") {
			count++
			require.True(t, name == "layers.Embedding" || name == "layers.Lengths" || strings.Contains(files.String(), `\"type\":\"`+name+`\"`), name)
		}
	}
	require.Greater(t, count, 50)
}

// TestOperators: a layer is written as one ONNX operator where there is one, not as its parts.
func TestOperators(t *testing.T) {
	for _, r := range []struct {
		name  string
		layer graph.Layer
		input []int
		want  []string
	}{
		{"dense", layers.Dense{Units: 3}, []int{4}, []string{"Gemm"}},
		{"dense, no bias", layers.Dense{Units: 3, NoBias: true}, []int{4}, []string{"MatMul"}},
		{"conv2d", layers.Conv2D{Filters: 3, Kernel: []int{2}}, []int{2, 4, 4}, []string{"Conv"}},
		{"conv1d", layers.Conv1D{Filters: 3, Kernel: 2}, []int{2, 4}, []string{"Conv"}},
		{"conv transpose 1d", layers.ConvTranspose1D{Filters: 3, Kernel: 2}, []int{2, 4}, []string{"ConvTranspose"}},
		{"conv transpose 2d", layers.ConvTranspose2D{Filters: 3, Kernel: []int{2}}, []int{2, 4, 4}, []string{"ConvTranspose"}},
		{"batch norm of images", layers.BatchNorm{}, []int{2, 4, 4}, []string{"BatchNormalization"}},
		{"batch norm", layers.BatchNorm{}, []int{4}, []string{"BatchNormalization"}},
		{"batch norm, no affine", layers.BatchNorm{NoAffine: true}, []int{4, 3}, []string{"BatchNormalization"}},
		{"max pool 1d", layers.MaxPool1D{}, []int{2, 4}, []string{"MaxPool"}},
		{"avg pool 2d", layers.AvgPool2D{}, []int{2, 4, 4}, []string{"AveragePool"}},
		{"global avg pool", layers.GlobalAvgPool{}, []int{2, 4}, []string{"ReduceMean", "Reshape"}},
		{"softmax", layers.Softmax{}, []int{4}, []string{"Softmax"}},
		{"softmax of channels", layers.Softmax{Axis: 1}, []int{4, 3, 2}, []string{"Softmax"}},
		{"log softmax", layers.LogSoftmax{}, []int{4}, []string{"LogSoftmax"}},
		{"embedding", layers.Embedding{Vocabulary: 3, Units: 2}, []int{4}, []string{"Cast", "Gather"}},
		{"zero pad", layers.ZeroPad2D{Top: 1, Left: 2}, []int{1, 2, 2}, []string{"Pad"}},
		{"lstm", layers.LSTM{Units: 3}, []int{4, 2}, []string{"Transpose", "Concat", "LSTM", "Reshape"}},
		{"gru, sequences", layers.GRU{Units: 3, ReturnSequences: true}, []int{4, 2}, []string{"Transpose", "Concat", "GRU", "Reshape", "Transpose"}},
		{"rnn", layers.SimpleRNN{Units: 3, Reverse: true}, []int{4, 2}, []string{"Transpose", "Concat", "RNN", "Reshape"}},
		{"only in training", layers.Sequential{layers.Dropout{Rate: 0.5}, layers.Flatten{}, layers.GaussianNoise{Deviation: 1}}, []int{4}, []string{"Identity"}},
	} {
		t.Run(r.name, func(t *testing.T) {
			if _, ok := r.layer.(layers.Embedding); !ok {
				m := compiled(t, network{"", r.layer, r.input}, tensor.Float64)
				require.Equal(t, r.want, operators(t, written(t, m)))
			}
			m := compiled(t, network{"", r.layer, r.input}, tensor.Float32)
			require.Equal(t, r.want, operators(t, written(t, m)))
		})
	}
}

// TestFile: the file stores the weights under their full names and leaves the batch size open; the same model gives the same
// bytes.
func TestFile(t *testing.T) {
	for _, dt := range []tensor.Dtype{tensor.Float32, tensor.Float64} {
		net := layers.Sequential{layers.Named("first", layers.Dense{Units: 3}), layers.BatchNorm{}}
		m := compiled(t, network{"", net, []int{2}}, dt)
		b := written(t, m)
		require.True(t, bytes.Equal(b, written(t, m)))
		f, err := proto.Decode(b)
		require.NoError(t, err)
		require.Equal(t, []proto.Opset{{Version: 17}}, f.Opsets)
		require.Equal(t, []proto.Property{{Key: "nndiy.states", Value: "batchnorm1/running_mean\nbatchnorm1/running_var"}}, f.Metadata)
		element := map[tensor.Dtype]proto.ElementType{tensor.Float32: proto.Float32, tensor.Float64: proto.Float64}[dt]
		require.Equal(t, []proto.Value{{Name: "input", Type: element, Dims: []proto.Dim{{Name: "batch"}, {Size: 2}}}}, f.Graph.Inputs)
		require.Equal(t, []proto.Value{{Name: "output", Type: element, Dims: []proto.Dim{{Name: "batch"}, {Size: 3}}}}, f.Graph.Outputs)
		var names []string
		for _, v := range f.Graph.Initializers {
			names = append(names, v.Name)
			require.Equal(t, element, v.Type)
		}
		require.Equal(t, []string{
			"first/weight", "first/bias", "batchnorm1/running_mean", "batchnorm1/running_var", "batchnorm1/weight", "batchnorm1/bias",
		}, names)
	}
}

// TestPart: a part of a model can be written.
func TestPart(t *testing.T) {
	m := compiled(t, network{"", layers.Sequential{layers.Dense{Units: 3}, layers.Named("last", layers.Dense{Units: 2})}, []int{2}}, tensor.Float32)
	part, err := m.Sub("last")
	require.NoError(t, err)
	f, err := proto.Decode(written(t, part))
	require.NoError(t, err)
	require.Equal(t, "last/weight", f.Graph.Initializers[0].Name)
	require.Len(t, f.Graph.Initializers, 2)
}

// TestWriteFile: WriteFile writes the same bytes as Write; on an error the old file stays.
func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	m := compiled(t, network{"", layers.Dense{Units: 3}, []int{2}}, tensor.Float32)
	require.NoError(t, onnx.WriteFile(path, m))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, written(t, m), got)
	noise := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.Noise(graph.Noise{}, 1)) })
	m = compiled(t, network{"", layers.Sequential{layers.Dense{Units: 3}, noise}, []int{2}}, tensor.Float32)
	require.EqualError(t, onnx.WriteFile(path, m), "onnx: WriteFile: func1: Uniform: got noise whose first dimension is not the batch, want (batch, ...), since the noise is an input of the file")
	again, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, got, again)
	require.ErrorContains(t, onnx.WriteFile(filepath.Join(path, "below"), m), "onnx: WriteFile: ")
}

// TestWriteErrors: an operation that has no form in ONNX is an error that names the layer and the operation.
func TestWriteErrors(t *testing.T) {
	require.EqualError(t, onnx.Write(io.Discard, nil), "onnx: Write: got a nil Model, want a compiled one")
	f := func(f func(s *graph.Scope, x graph.Node) graph.Node) graph.Layer { return graph.LayerFunc(f) }
	for _, r := range []struct {
		name  string
		layer graph.Layer
		input []int
		want  string
	}{
		{"an op of gorgonia", lambda(func(x graph.Node) graph.Node {
			return graph.Gorgonia(func(x ...*gorgonia.Node) (*gorgonia.Node, error) { return gorgonia.Tanh(x[0]) }, x)
		}), []int{2}, "lambda1: gorgonia tanh #2: got an operation that has no form in ONNX"},
		{"a number that is the batch size", lambda(func(x graph.Node) graph.Node { return x.Shift(float64(x.Dim(0))) }), []int{2},
			"lambda1: Shift: got settings that depend on the batch size, want constants"},
		{"half of the batch", lambda(func(x graph.Node) graph.Node { return x.Slice(0, 0, x.Dim(0)/2).Sum(0).Expand(0).Add(x) }), []int{2},
			"lambda1: Slice(axis 0, 0:105): got 105, 153, 200 elements in dimension 0 for batches of [211 307 401], want a constant or a multiple of the batch size"},
		{"other functions for other batches", lambda(func(x graph.Node) graph.Node {
			if x.Dim(0) > 300 {
				return x.Tanh()
			}
			return x.Exp()
		}), []int{2}, "lambda1: Exp: got settings that depend on the batch size, want constants"},
		{"more operations for other batches", lambda(func(x graph.Node) graph.Node {
			for range x.Dim(0) % 10 {
				x = x.Tanh()
			}
			return x
		}), []int{2}, "got different operations for different sizes of the batch or of a dimension that is graph.Any, want the same"},
		{"a constant that is the batch size", f(func(s *graph.Scope, x graph.Node) graph.Node {
			return x.Mul(s.Constant(tensor.New(tensor.WithShape(1), tensor.WithBacking([]float64{float64(x.Dim(0))}))))
		}), []int{2}, "func1: Constant[1]: got a constant that depends on the batch size, want one for any size"},
		{"the derivative of a pooling", lambda(func(x graph.Node) graph.Node { return graph.Grad(x.MaxPool(graph.Window{Size: 2}).Sum(), x)[0] }), []int{1, 5},
			"lambda1: MaxPoolGrad: got the derivative of a pooling, which has no form in ONNX"},
	} {
		t.Run(r.name, func(t *testing.T) {
			m, err := graph.Compile(layers.Sequential{r.layer}, graph.Config{Input: r.input})
			require.NoError(t, err)
			require.EqualError(t, onnx.Write(io.Discard, m), "onnx: Write: "+r.want)
		})
	}
}
