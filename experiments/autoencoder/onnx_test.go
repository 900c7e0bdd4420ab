package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the network, its encoder and its decoder.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	m := program.Trained(t, lab.Weights, "-bottleneck", "8")
	labtest.ONNX(t, r, map[string]*graph.Model{
		"whole": m, "encoder": labtest.Part(t, m, "encoder"), "decoder": labtest.Part(t, m, "decoder"),
	})
}
