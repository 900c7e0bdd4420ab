package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on every network, also on the convolutions for a size that is not a multiple of four.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{"conv, small": labtest.Compiled(t, conv(7, 5), 35)}
	f := networks()
	for _, name := range []string{"deep", "tanh", "conv"} {
		if err := f.Set(name); err != nil {
			t.Fatal(err)
		}
		models[name] = labtest.Compiled(t, f.Value().layers(28, 28), 784)
	}
	labtest.ONNX(t, r, models)
}
