package onnx_test

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAliases: an exporter writes equal tensors once, and an Identity for each further one; they are parameters and states of
// their own.
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

// TestWhere: what is not taken does not matter, nor its derivative what is.
func TestWhere(t *testing.T) {
	zero := one("zero", 0)
	above := proto.Node{Operator: "Greater", Inputs: x("zero"), Outputs: []string{"t"}}
	root := proto.Node{Operator: "Sqrt", Inputs: x(), Outputs: []string{"r"}}
	b := file(nil, zero, above, root, node("Where", []string{"t", "r", "x"}))
	in := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{4, -2, 9, float32(math.Inf(-1))}))
	want := []float32{2, -2, 3, float32(math.Inf(-1))}
	net, err := onnx.Read(bytes.NewReader(b))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input()})
	require.NoError(t, err)
	y, err := m.Predict(context.Background(), in)
	require.NoError(t, err)
	require.Equal(t, want, y.Float32s())
	own := graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Sqrt().Where(x, x.Sin()) })
	graphtest.Layer(t, graph.LayerFunc(func(_ *graph.Scope, x graph.Node) graph.Node { return x.Square().Where(x, x.Sin()) }), 3, 4)
	m, err = graph.Compile(own, graph.Config{Input: []int{4}})
	require.NoError(t, err)
	t.Run("onnxruntime", func(t *testing.T) {
		r := ort.Start(t)
		y, err := r.Run(b, in)
		require.NoError(t, err)
		require.Equal(t, want, y[0].Float32s())
		in.Float32s()[3] = -1
		want, err := m.Predict(context.Background(), in)
		require.NoError(t, err)
		y, err = r.Run(written(t, m), in)
		require.NoError(t, err)
		near(t, want, y[0], 1e-6)
	})
}

// TestFolding: known numbers are broadcast as others are, and masks may be known.
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
		{"a causal mask", file(rows, one("out", -9), whole("r", 0, 1), whole("last", 1), column, later, node("Where", []string{"later", "out", "x"})), []float32{1, -9, 3, 4}, []int{1, 2, 2}},
		{"a mask that is turned", file(rows, one("out", -9), whole("r", 0, 1), whole("last", 1), column, later,
			proto.Node{Operator: "Not", Inputs: []string{"later"}, Outputs: []string{"n"}}, node("Where", []string{"n", "out", "x"})), []float32{-9, 2, -9, -9}, []int{1, 2, 2}},
		{"the shape of a sum", file(rows, whole("zero", 0), whole("first", 0), proto.Node{Operator: "Unsqueeze", Inputs: []string{"zero", "first"}, Outputs: []string{"row"}},
			proto.Node{Operator: "Add", Inputs: []string{"zero", "row"}, Outputs: []string{"index"}}, node("Gather", x("index"), whole1("axis", 1))), []float32{1, 2}, []int{1, 1, 1, 2}},
		{"the floor", file(rows, node("Floor", x())), x4, []int{1, 2, 2}},
	} {
		in := tensor.New(tensor.WithShape(1, 2, 2), tensor.WithBacking(x4))
		net, err := onnx.Read(bytes.NewReader(c.file))
		require.NoError(t, err, c.name)
		m, err := graph.Compile(net, graph.Config{Input: net.Input()})
		require.NoError(t, err, c.name)
		y, err := m.Predict(context.Background(), in)
		require.NoError(t, err, c.name)
		require.Equal(t, c.size, []int(y.Shape()), c.name)
		require.Equal(t, c.want, y.Float32s(), c.name)
	}
}

// TestNames: a file's names may be those of a model's main input and output, or have slashes.
func TestNames(t *testing.T) {
	b := file(func(m *proto.Model) {
		second := m.Graph.Inputs[0]
		second.Name = "input"
		m.Graph.Inputs = append(m.Graph.Inputs, second)
		for _, name := range []string{"output", "head/out"} {
			out := m.Graph.Outputs[0]
			out.Name = name
			m.Graph.Outputs = append(m.Graph.Outputs, out)
		}
		for _, name := range []string{"/a/b", "a/b", "//"} {
			m.Graph.Initializers = append(m.Graph.Initializers, proto.Tensor{Name: name, Type: proto.Float32, Dims: []int64{4}, Raw: make([]byte, 16)})
		}
	}, node("Add", x("input")),
		proto.Node{Operator: "Add", Inputs: []string{"y", "/a/b"}, Outputs: []string{"s"}},
		proto.Node{Operator: "Add", Inputs: []string{"s", "//"}, Outputs: []string{"output"}},
		proto.Node{Operator: "Mul", Inputs: []string{"output", "a/b"}, Outputs: []string{"head/out"}})
	net, err := onnx.Read(bytes.NewReader(b))
	require.NoError(t, err)
	m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
	require.NoError(t, err)
	require.Equal(t, []string{"_", "_a/b", "a/b"}, m.Weights().Names())
	var saved bytes.Buffer
	require.NoError(t, m.Save(&saved))
	m, err = graph.ReadModel(&saved)
	require.NoError(t, err)
	in := samples(2, []int{4}, tensor.Float32)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": in, "input_2": in})
	require.NoError(t, err)
	require.Len(t, out, 3)
	require.Equal(t, out["output"].Float32s(), out["output_2"].Float32s())
	require.Contains(t, out, "head.out")
}
