package main

import (
	"bytes"
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the network, its encoder and its decoder. In the file of the whole network, the noise is an input.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	const pixels, latent = 784, 2
	m := labtest.Compiled(t, network{pixels: pixels, latent: latent, hidden: 400}, pixels)
	labtest.ONNX(t, r, map[string]*graph.Model{"encoder": labtest.Part(t, m, "encoder"), "decoder": labtest.Part(t, m, "decoder")})

	var file bytes.Buffer
	if err := onnx.Write(&file, m); err != nil {
		t.Fatal(err)
	}
	net, err := onnx.Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	again, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs()})
	if err != nil {
		t.Fatal(err)
	}
	// Noise depends only on its place in the network and on the seed, so this model returns the noise of m.
	noise := labtest.Compiled(t, graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
		return s.Noise(graph.Noise{Normal: true}, x.Dim(0), latent)
	}), pixels)
	near := golden.Tolerance{Relative: 1e-5, Absolute: 1e-5}
	for _, rows := range []int{1, 7} {
		x := labtest.Samples(rows, []int{pixels})
		y := predict(t, m, x)
		want := golden.Tensor{Shape: y.Shape()}
		for _, v := range y.Float32s() {
			want.Data = append(want.Data, float64(v))
		}
		in := map[string]*tensor.Dense{"input": x, "noise": predict(t, noise, x)}
		for name, run := range map[string]func() (map[string]*tensor.Dense, error){
			"onnxruntime": func() (map[string]*tensor.Dense, error) { return r.RunAll(file.Bytes(), in) },
			"read":        func() (map[string]*tensor.Dense, error) { return again.PredictAll(context.Background(), in) },
		} {
			got, err := run()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			want.Equal(t, name, got["output"], near)
		}
	}
}

func predict(t *testing.T, m *graph.Model, x *tensor.Dense) *tensor.Dense {
	t.Helper()
	y, err := m.Predict(context.Background(), x)
	if err != nil {
		t.Fatal(err)
	}
	return y
}
