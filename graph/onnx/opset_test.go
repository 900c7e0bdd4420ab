package onnx_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/internal/ort"
)

var long = flag.Bool("long", false, "write the networks for all opsets from 11 to 22, not only for 11 and 22; many more random files and layers")

// later is a network that adds several values to one element, which no operator does before opset 16.
const later = "largest, smallest and sorted"

// opsets calls f with each network as it is written for several opsets.
func opsets(t *testing.T, f func(t *testing.T, m *graph.Model, n network, opset int, file []byte)) {
	list := []int{11, 22}
	if *long {
		list = []int{11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22}
	}
	for _, n := range networks() {
		t.Run(n.name, func(t *testing.T) {
			m := compiled(t, n, tensor.Float32)
			for _, opset := range list {
				var b bytes.Buffer
				err := onnx.Exporter{Opset: opset}.Write(&b, m)
				if n.name == later && opset < 16 {
					require.EqualError(t, err, fmt.Sprintf("onnx: Exporter.Write: ScatterElements (ScatterElements): got opset %d, want 16 or more for this network", opset))
					continue
				}
				require.NoError(t, err)
				f(t, m, n, opset, b.Bytes())
			}
		})
	}
}

// TestOpsets: a Runner and a Network compute what the model does from its file of any opset.
func TestOpsets(t *testing.T) {
	opsets(t, func(t *testing.T, m *graph.Model, n network, opset int, b []byte) {
		file, err := proto.Decode(b)
		require.NoError(t, err)
		require.EqualValues(t, opset, file.Opsets[0].Version)
		x := samples(3, n.input, tensor.Float32)
		want := predicted(t, m, x)
		near(t, want, predicted(t, imported(t, b), x), 1e-5)
		r, err := onnx.LoadBytes(b, "")
		require.NoError(t, err)
		in, err := onnx.FromDense(x)
		require.NoError(t, err)
		got, err := ran(t, r, map[string]onnx.Tensor{r.Inputs()[0].Name: in})[r.Outputs()[0].Name].Dense()
		require.NoError(t, err)
		near(t, want, got, 2e-5)
	})
}

// TestOpsetsRuntime: onnxruntime computes the same from them.
func TestOpsetsRuntime(t *testing.T) {
	r := ort.Start(t)
	opsets(t, func(t *testing.T, m *graph.Model, n network, opset int, b []byte) {
		x := samples(3, n.input, tensor.Float32)
		got, err := r.Run(b, x)
		require.NoError(t, err, opset)
		near(t, predicted(t, m, x), got[0], 1e-5)
	})
}

// TestOpsetErrors: an opset that cannot be written is an error.
func TestOpsetErrors(t *testing.T) {
	m := compiled(t, networks()[0], tensor.Float32)
	for _, opset := range []int{-1, 10, 23} {
		require.EqualError(t, onnx.Exporter{Opset: opset}.Write(io.Discard, m), fmt.Sprintf("onnx: Exporter.Write: Opset: got %d, want 0 or 11 to 22", opset))
	}
}
