package main

import (
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/lab"
	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime agrees on the network, with either final activation.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	labtest.ONNX(t, r, map[string]*graph.Model{
		"softmax": program.Trained(t, lab.Weights, "-problem", "four"),
		"sigmoid": program.Trained(t, lab.Weights, "-problem", "two", "-loss", "bce"),
	})
}
