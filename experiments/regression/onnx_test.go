package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the line.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	labtest.ONNX(t, r, map[string]*graph.Model{"line": program.Trained(t, lab.Weights)})
}
