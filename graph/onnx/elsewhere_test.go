package onnx_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/golden"
	"github.com/nndiy/nndiy/internal/ort"
)

// ranElsewhere returns what onnxruntime computes.
func ranElsewhere(r *ort.Runtime, path string, inputs map[string]onnx.Tensor) (map[string]onnx.Tensor, error) {
	feeds := map[string]ort.Value{}
	for name, x := range inputs {
		half, isHalf := x.Data.([]onnx.Float16)
		feeds[name] = ort.Value{Shape: x.Shape, Data: x.Data, Half: isHalf}
		if isHalf {
			feeds[name] = ort.Value{Shape: x.Shape, Data: bits(half), Half: true}
		}
	}
	answers, err := r.RunValues(path, feeds)
	out := map[string]onnx.Tensor{}
	for name, v := range answers {
		x := onnx.Tensor{Shape: v.Shape, Data: v.Data}
		if v.Half {
			half := []onnx.Float16{}
			for _, b := range v.Data.([]uint16) {
				half = append(half, onnx.Float16(b))
			}
			x.Data = half
		}
		out[name] = x
	}
	return out, err
}

func bits(list []onnx.Float16) (out []uint16) {
	for _, h := range list {
		out = append(out, uint16(h))
	}
	return out
}

// compare returns the largest absolute plus relative error, NaN if only one of two elements is.
func compare(t *testing.T, want, got onnx.Tensor) (worst float64) {
	t.Helper()
	require.True(t, slices.Equal(want.Shape, got.Shape), "got shape %v, want %v", got.Shape, want.Shape)
	require.IsType(t, want.Data, got.Data)
	a, b := onnx.Doubles(want), onnx.Doubles(got)
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			worst = max(worst, math.Abs(a[i]-b[i])/(1+math.Abs(a[i])))
		}
	}
	return worst
}

// runtimeRefuses are files that onnxruntime does not take, with its error.
var runtimeRefuses = map[string]string{
	"torch pooling, opset 9": "Pad should be smaller than kernel",
	"operator LRN of two":    "size_ % 2 == 1 was false",
}

// TestRunnerRuntime: a Runner computes what onnxruntime does, from the files of our networks, of PyTorch, and of single operators.
func TestRunnerRuntime(t *testing.T) {
	r := ort.Start(t)
	files := map[string][]byte{} // by name
	for _, n := range networks() {
		files["network "+n.name] = written(t, compiled(t, n, tensor.Float32))
	}
	for _, c := range append(operatorCases(), orderCases()...) {
		files["operator "+c.name] = c.file
	}
	for name, b := range moreCases() {
		files["operator "+name] = b
	}
	for _, c := range golden.Own[torchCase](t, "torch.json") {
		files["torch "+c.Name] = c.File
	}
	for name, b := range files {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "model.onnx")
			require.NoError(t, os.WriteFile(path, b, 0o600))
			ours, err := onnx.Load(path)
			require.NoError(t, err)
			inputs := map[string]onnx.Tensor{}
			for _, p := range ours.Inputs() {
				rows := 3
				if name == "operator Gather, computed" { // its index counts elements, and its weights have one row
					rows = 1
				}
				x := wave(sizes(p, rows))
				if p.Type == "int64" {
					list := make([]int64, len(x.Data.([]float32)))
					for i := range list {
						list[i] = int64(i % 5)
					}
					x.Data = list
				}
				inputs[p.Name] = x
			}
			want, err := ranElsewhere(r, path, inputs)
			if refusal := runtimeRefuses[name]; refusal != "" {
				require.ErrorContains(t, err, refusal)
				return
			}
			require.NoError(t, err)
			got := ran(t, ours, inputs)
			for name, x := range want {
				require.LessOrEqual(t, compare(t, x, got[name]), 1e-5, name)
			}
		})
	}
}

// sizes returns the shape of an input with a size for open dimensions.
func sizes(p onnx.Port, open int) []int {
	shape := slices.Clone(p.Shape)
	for i, d := range shape {
		if d < 0 {
			shape[i] = open
		}
	}
	return shape
}
