package onnx_test

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/graphtest"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// reread writes a model and reads the file; it returns the layer and the file.
func reread(t testing.TB, m *graph.Model) (*onnx.Network, []byte) {
	t.Helper()
	file := written(t, m)
	net, err := onnx.Read(bytes.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, m.Input(), net.Input())
	return net, file
}

// sameWeights fails the test unless the parameters are the same. Those of recurrent layers may be in another order.
func sameWeights(t *testing.T, want, got graph.Weights) {
	t.Helper()
	require.Equal(t, want.Names(), got.Names())
	for name, w := range want {
		if slices.Equal(w.Shape(), got[name].Shape()) {
			require.Equal(t, w.Data(), got[name].Data(), name)
			continue
		}
		var values [2][]float64
		for k, p := range []*graph.Tensor{w, got[name]} {
			for i := range p.Shape().TotalSize() {
				values[k] = append(values[k], at(p, i))
			}
			slices.Sort(values[k])
		}
		require.InDeltaSlice(t, values[0], values[1], 1e-9, name)
	}
}

// TestRoundTrip: a network that is written and read again computes the same with the same parameters. A layer of this
// library that is written a second time has the same operators.
func TestRoundTrip(t *testing.T) {
	for i, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			for dt, limit := range map[tensor.Dtype]float64{tensor.Float32: 2e-6, tensor.Float64: 1e-11} {
				m := compiled(t, n, dt)
				net, file := reread(t, m)
				again, err := graph.Compile(net, graph.Config{Input: net.Input(), DType: dt})
				require.NoError(t, err)
				sameWeights(t, m.Weights(), again.Weights())
				for _, size := range []int{1, 3, 7} {
					x := samples(size, n.input, dt)
					want, err := m.Predict(context.Background(), x)
					require.NoError(t, err)
					got, err := again.Predict(context.Background(), x)
					require.NoError(t, err)
					near(t, want, got, limit)
				}
				if i < len(vocabulary) {
					require.ElementsMatch(t, operators(t, file), operators(t, written(t, again)))
				}
			}
		})
	}
}

// TestReadGradient: the derivatives of a layer that was read are correct.
func TestReadGradient(t *testing.T) {
	for _, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			net, _ := reread(t, compiled(t, n, tensor.Float64))
			graphtest.Layer(t, net, append([]int{2}, n.input...)...)
		})
	}
}

// TestReadTrains: a network that was read trains as the original does, running statistics included. A state that is not a
// statistic does not change.
func TestReadTrains(t *testing.T) {
	state := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node { return x.Add(s.State("shift", graph.Ones, 3, 1)) })
	net := layers.Sequential{
		layers.Conv1D{Filters: 3, Kernel: 2}, layers.BatchNorm{}, layers.ReLU{}, state, layers.Flatten{},
		layers.Dense{Units: 2}, layers.BatchNorm{NoAffine: true}, layers.Softmax{},
	}
	cfg := graph.Config{
		Input: []int{2, 5}, DType: tensor.Float64, Seed: 1,
		Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{LearningRate: 0.01},
	}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	copied, _ := reread(t, m)
	again, err := graph.Compile(copied, cfg)
	require.NoError(t, err)
	data := graph.Arrays{X: samples(20, cfg.Input, tensor.Float64), Y: tensor.New(tensor.WithShape(20), tensor.WithBacking(make([]float64, 20)))}
	for i := range 20 {
		shift(data.Y, i, float64(i%2))
	}
	before := m.Weights()
	for _, m := range []*graph.Model{m, again} {
		_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 5, BatchSize: 8})
		require.NoError(t, err)
	}
	want, got := m.Weights(), again.Weights()
	require.Equal(t, want.Names(), got.Names())
	for name, w := range want {
		near(t, w, got[name], 1e-9)
		require.Equal(t, name == "func1/shift", slices.Equal(before[name].Float64s(), w.Float64s()), name)
	}
}

// TestReadAsPart: a network that was read can be one of several layers; its parameters have the prefix of its name.
func TestReadAsPart(t *testing.T) {
	inner, _ := reread(t, compiled(t, network{"", layers.Dense{Units: 3}, []int{2}}, tensor.Float32))
	m, err := graph.Compile(layers.Sequential{layers.Named("trunk", inner), layers.Tanh{}, layers.Dense{Units: 2}}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	require.Equal(t, []string{"dense1/bias", "dense1/weight", "trunk/bias", "trunk/weight"}, m.Weights().Names())
	_, err = m.Sub("trunk")
	require.NoError(t, err)
	_, err = graph.Compile(inner, graph.Config{Input: []int{3}})
	require.EqualError(t, err, "graph: network: input input: got samples of shape [3], want [2]")
	_, err = graph.Compile(&onnx.Network{}, graph.Config{Input: []int{3}})
	require.EqualError(t, err, "graph: network: got an empty Network, want one that Read or Open returned")
}

// TestSeveralEnds: several inputs and outputs are written and read again.
func TestSeveralEnds(t *testing.T) {
	net := graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		y := s.Apply(layers.Dense{Units: 3}, x).Tanh()
		s.Output("hidden", y)
		s.Output("same", y)
		s.Output("given", x)
		return y.Mul(s.Input("scale")).Sum(1).Expand(1)
	})
	cfg := graph.Config{Input: []int{2}, Inputs: map[string][]int{"scale": {3}}, Seed: 1}
	m, err := graph.Compile(net, cfg)
	require.NoError(t, err)
	again, _ := reread(t, m)
	require.Equal(t, cfg.Inputs, again.Inputs())
	copied, err := graph.Compile(again, cfg)
	require.NoError(t, err)
	in := map[string]*tensor.Dense{"input": samples(5, []int{2}, tensor.Float32), "scale": samples(5, []int{3}, tensor.Float32)}
	want, err := m.PredictAll(context.Background(), in)
	require.NoError(t, err)
	got, err := copied.PredictAll(context.Background(), in)
	require.NoError(t, err)
	require.Len(t, got, 4)
	for name, y := range want {
		near(t, y, got[name], 1e-6)
	}
	t.Run("onnxruntime", func(t *testing.T) {
		got, err := ort.Start(t).RunAll(written(t, m), in)
		require.NoError(t, err)
		require.Len(t, got, 4)
		for name, y := range want {
			near(t, y, got[name], 1e-5)
		}
	})
}

// TestNames: names in a file may equal those of a model's main input and output, or contain slashes.
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
	m := imported(t, b)
	require.Equal(t, []string{"_", "_a/b", "a/b"}, m.Weights().Names())
	var saved bytes.Buffer
	require.NoError(t, m.Save(&saved))
	m, err := graph.ReadModel(&saved)
	require.NoError(t, err)
	in := samples(2, []int{4}, tensor.Float32)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": in, "input_2": in})
	require.NoError(t, err)
	require.Len(t, out, 3)
	require.Equal(t, out["output"].Float32s(), out["output_2"].Float32s())
	require.Contains(t, out, "head.out")
}
