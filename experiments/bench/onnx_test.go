package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// TestONNX: onnxruntime computes the networks as we do, and so do we when we read the files.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{}
	for _, name := range workloadNames() {
		w := workloads[name]
		models[name] = labtest.Compiled(t, w.net, w.input...)
	}
	labtest.ONNX(t, r, models)
}
