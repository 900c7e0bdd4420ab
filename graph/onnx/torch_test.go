package onnx_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
)

// A torchCase is a row of testdata/torch.json: a file that PyTorch wrote, an input and PyTorch's output.
type torchCase struct {
	Name   string
	File   []byte
	Input  golden.Tensor
	Output golden.Tensor
}

// TestTorch: networks that PyTorch wrote compute the same here as in PyTorch.
func TestTorch(t *testing.T) {
	for _, c := range golden.Own[torchCase](t, "torch.json") {
		t.Run(c.Name, func(t *testing.T) {
			net, err := onnx.Read(bytes.NewReader(c.File))
			require.NoError(t, err)
			require.Equal(t, c.Input.Shape[1:], net.Input())
			for dt, limit := range map[tensor.Dtype]float64{tensor.Float32: 5e-6, tensor.Float64: 2e-6} {
				m, err := graph.Compile(net, graph.Config{Input: net.Input(), DType: dt})
				require.NoError(t, err)
				y, err := m.Predict(context.Background(), c.Input.Dense(dt))
				require.NoError(t, err)
				c.Output.Equal(t, "output", y, golden.Tolerance{Relative: limit, Absolute: limit})
			}
		})
	}
}
