package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
)

// TestTorchRecurrent: recurrent networks that PyTorch wrote, with states and lengths of sequences, compute the same here, for any
// batch and any number of steps; so do the files that they are written as.
func TestTorchRecurrent(t *testing.T) {
	for _, c := range golden.Own[struct {
		Name            string
		File            []byte
		Inputs, Outputs map[string]golden.Tensor
	}](t, "recurrent.json") {
		t.Run(c.Name, func(t *testing.T) {
			in := map[string]*graph.Tensor{}
			for name, x := range c.Inputs {
				in[name] = x.Dense(tensor.Float64)
			}
			for file, again := c.File, 0; again < 2; again++ {
				net, err := onnx.Read(bytes.NewReader(file))
				require.NoError(t, err)
				require.Equal(t, graph.Any, net.Input()[0])
				m, err := graph.Compile(net, graph.Config{Input: net.Input(), Inputs: net.Inputs(), DType: tensor.Float64})
				require.NoError(t, err)
				got, err := m.PredictAll(t.Context(), in)
				require.NoError(t, err)
				for name, want := range c.Outputs {
					want.Equal(t, name, got[name], golden.Tolerance{Relative: 2e-6, Absolute: 2e-6})
				}
				file = written(t, m)
			}
		})
	}
}
