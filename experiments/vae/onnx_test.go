package main

import (
	"io"
	"strings"
	"testing"

	"github.com/nndiy/nndiy/experiments/internal/labtest"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
)

// onnxruntime computes the halves as we do. The whole draws codes, which files do not; it is an error that says so.
func TestONNX(t *testing.T) {
	r := ort.Start(t)
	m := labtest.Compiled(t, network{pixels: 784, latent: 2}, 784)
	if err := onnx.Write(io.Discard, m); err == nil || !strings.Contains(err.Error(), "Normal: got noise") {
		t.Errorf("got %v, want an error that names the noise", err)
	}
	labtest.ONNX(t, r, map[string]*graph.Model{"encoder": labtest.Part(t, m, "encoder"), "decoder": labtest.Part(t, m, "decoder")})
}
