package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on every network of pictures, and so does the network read back from the file.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	models := map[string]*graph.Model{}
	for _, name := range append(names(workloads), "resnet20", "mobile") {
		w := workloadOf(setting{Workload: name, Batch: 1, Time: 16})
		models[name] = labtest.Compiled(t, w.net, w.input...)
	}
	labtest.ONNX(t, r, models)
}
