package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on every network.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{}
	for _, name := range []string{"2d", "1d784", "1d256"} {
		models[name] = program.Trained(t, lab.Weights, "-network", name)
	}
	labtest.ONNX(t, r, models)
}
