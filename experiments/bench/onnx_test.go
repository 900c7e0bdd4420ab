package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on every network, and so does the network read back from the file.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{}
	for _, name := range workloadNames() {
		w := workloads[name]
		models[name] = labtest.Compiled(t, w.net, w.input...)
	}
	labtest.ONNX(t, r, models)
}
