package onnx_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
)

// suiteFiles returns the folders of the tests of ONNX's suite that match, and skips the test if there is no suite.
func suiteFiles(t *testing.T, match func(name string) bool) (dirs []string) {
	t.Helper()
	dir := os.Getenv(suiteFolder)
	if dir == "" {
		t.Skipf("%s is not set: it names the folder of ONNX's tests", suiteFolder)
	}
	all, err := filepath.Glob(filepath.Join(dir, "*", "test_*"))
	require.NoError(t, err)
	for _, d := range all {
		if match(filepath.Base(d)) {
			dirs = append(dirs, d)
		}
	}
	require.NotEmpty(t, dirs)
	return dirs
}

// suiteData returns the tensors of a test that are called input_0, input_1, ... or output_0, ...
func suiteData(t *testing.T, dir, kind string, count int) (list []onnx.Tensor) {
	t.Helper()
	for i := range count {
		x, err := suiteTensor(filepath.Join(dir, "test_data_set_0", fmt.Sprintf("%s_%d.pb", kind, i)))
		require.NoError(t, err)
		list = append(list, x)
	}
	return list
}

// TestSuiteRuntime: onnxruntime fails the tests that are left out since their results are random.
func TestSuiteRuntime(t *testing.T) {
	dirs := suiteFiles(t, func(name string) bool { return random[name] })
	require.Len(t, dirs, len(random))
	r := ort.Start(t)
	for _, dir := range dirs {
		path := filepath.Join(dir, "model.onnx")
		ours, err := onnx.Load(path)
		require.NoError(t, err)
		inputs := map[string]onnx.Tensor{}
		for i, x := range suiteData(t, dir, "input", len(ours.Inputs())) {
			inputs[ours.Inputs()[i].Name] = x
		}
		got, err := ranElsewhere(r, path, inputs)
		require.NoError(t, err)
		want := suiteData(t, dir, "output", 1)[0]
		require.Error(t, agree(want, got[ours.Outputs()[0].Name]), dir)
	}
}

// TestSuiteFaults: the tests that are left out as faults of the suite have one: the data of an input have another shape than the model
// declares, or the results are truncated to bfloat16, and rounded ones differ, or the last corners of images are not aligned.
func TestSuiteFaults(t *testing.T) {
	dirs := suiteFiles(t, func(name string) bool {
		reason, _ := refusedOnPurpose(name)
		return reason == faults
	})
	require.Len(t, dirs, 7)
	for _, dir := range dirs {
		r, err := onnx.Load(filepath.Join(dir, "model.onnx"))
		require.NoError(t, err)
		inputs := suiteData(t, dir, "input", len(r.Inputs()))
		fault := false
		for i, p := range r.Inputs() {
			fault = fault || !slices.Equal(p.Shape, inputs[i].Shape)
		}
		if x, ok := inputs[0].Data.([]float32); ok && strings.HasSuffix(dir, "align_corners") {
			y := suiteData(t, dir, "output", 1)[0].Data.([]float32)
			fault = math.Abs(float64(x[len(x)-1]-y[len(y)-1])) > 0.1
		} else if ok && !fault {
			for i, bits := range suiteData(t, dir, "output", 1)[0].Data.([]uint16) {
				rounded := onnx.NewBFloat16(x[i])
				require.True(t, x[i] != x[i] || bits == uint16(rounded) || bits == uint16(rounded)-1, "the truncated or the rounded %v", x[i])
				fault = fault || bits != uint16(rounded)
			}
		}
		require.True(t, fault, dir)
	}
}
