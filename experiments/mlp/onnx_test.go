package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the network, with each activation.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{}
	for _, name := range []string{"tanh", "relu", "gelu"} {
		models[name] = program.Trained(t, lab.Weights, "-activation", name, "-dropout", "0.1")
	}
	labtest.ONNX(t, r, models)
}
