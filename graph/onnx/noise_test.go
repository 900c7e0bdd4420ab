package onnx_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// noisy draws from each distribution, in inference too.
var noisy = layers.Sequential{layers.Dense{Units: 3}, layers.Named("drawn", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
	normal := s.Noise(graph.Noise{Normal: true}, x.Shape()...)
	return x.Mul(normal).Add(s.Noise(graph.Noise{}, x.Dim(0), 1)).Mul(s.Noise(graph.Noise{Keep: 0.75}, x.Shape()...)).Add(normal)
}))}

// TestNoise: noise that a network draws in inference becomes inputs of the file. With the same noise the file computes the
// same as the network, here and in onnxruntime.
func TestNoise(t *testing.T) {
	m := compiled(t, network{"", noisy, []int{2}}, tensor.Float32)
	b := written(t, m)
	f, err := proto.Decode(b)
	require.NoError(t, err)
	doc := map[string]string{}
	for _, v := range f.Graph.Inputs {
		require.Equal(t, "batch", v.Dims[0].Name)
		doc[v.Name] = v.Doc
	}
	require.Equal(t, map[string]string{
		"input": "", "drawn/noise": "random numbers of the standard normal distribution; zeros for its mean",
		"drawn/noise_2": "random numbers, uniform from 0 up to, not including, 1", "drawn/noise_3": "1 with the probability 0.75, else 0, at random",
	}, doc)

	const rows = 5
	x := samples(rows, []int{2}, tensor.Float32)
	want, err := m.Predict(context.Background(), x)
	require.NoError(t, err)
	in := drawn(t, rows)
	in["input"] = x
	net, _ := reread(t, m)
	require.Equal(t, map[string][]int{"drawn/noise": {3}, "drawn/noise_2": {1}, "drawn/noise_3": {3}}, net.Inputs())
	again, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
	require.NoError(t, err)
	got, err := again.PredictAll(context.Background(), in)
	require.NoError(t, err)
	near(t, want, got["output"], 1e-6)
	t.Run("onnxruntime", func(t *testing.T) {
		got, err := ort.Start(t).RunAll(b, in)
		require.NoError(t, err)
		near(t, want, got["output"], 1e-5)
	})
}

// drawn returns the numbers that noisy draws for a batch of rows, from a network that draws at the same places with the same
// seed and returns them.
func drawn(t *testing.T, rows int) map[string]*tensor.Dense {
	t.Helper()
	m := compiled(t, network{"", layers.Sequential{layers.Dense{Units: 3}, layers.Named("drawn", graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		for _, n := range []struct {
			name  string
			noise graph.Noise
			size  int
		}{{"a", graph.Noise{Normal: true}, 3}, {"b", graph.Noise{}, 1}, {"c", graph.Noise{Keep: 0.75}, 3}} {
			s.Output(n.name, s.Noise(n.noise, x.Dim(0), n.size))
		}
		return x
	}))}, []int{2}}, tensor.Float32)
	out, err := m.PredictAll(context.Background(), map[string]*tensor.Dense{"input": samples(rows, []int{2}, tensor.Float32)})
	require.NoError(t, err)
	for from, to := range map[string]string{"a": "drawn/noise", "b": "drawn/noise_2", "c": "drawn/noise_3"} {
		out[to] = out[from]
		delete(out, from)
	}
	delete(out, "output")
	return out
}
