package onnx_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/ort"
	"github.com/nndiy/nndiy/layers"
)

// heavy returns a model with weights of 3.2 kB and of a few bytes.
func heavy(t *testing.T) *graph.Model {
	return compiled(t, network{"", layers.Sequential{layers.Dense{Units: 40}, layers.Tanh{}, layers.Dense{Units: 2}}, []int{20}}, tensor.Float32)
}

// folder returns the names of the files in a folder.
func folder(t *testing.T, dir string) (names []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}

// checkFile fails the test unless the file at path computes what the model does, by Load and by Open.
func checkFile(t *testing.T, path string, m *graph.Model) {
	t.Helper()
	x := samples(3, m.Input(), tensor.Float32)
	want := predicted(t, m, x)
	net, err := onnx.Open(path)
	require.NoError(t, err)
	again, err := graph.Compile(net, graph.Config{Input: net.Input()})
	require.NoError(t, err)
	near(t, want, predicted(t, again, x), 1e-6)
	r, err := onnx.Load(path)
	require.NoError(t, err)
	in, err := onnx.FromDense(x)
	require.NoError(t, err)
	got, err := ran(t, r, map[string]onnx.Tensor{"input": in})["output"].Dense()
	require.NoError(t, err)
	near(t, want, got, 1e-6)
}

// TestExternal: weights in a second file are read again, the old ones stay until the model is replaced, and none is left over.
func TestExternal(t *testing.T) {
	m, dir := heavy(t), t.TempDir()
	path, e := filepath.Join(dir, "m.onnx"), onnx.Exporter{External: true}
	for _, want := range [][]string{{"m.onnx", "m.onnx.data"}, {"m.onnx", "m.onnx.data2"}, {"m.onnx", "m.onnx.data"}} {
		require.NoError(t, e.WriteFile(path, m))
		require.Equal(t, want, folder(t, dir))
		checkFile(t, path, m)
	}
	info, err := os.Stat(path + ".data")
	require.NoError(t, err)
	require.EqualValues(t, 4*20*40, info.Size(), "small weights stay in the model's file")
	require.NoError(t, onnx.WriteFile(path, m))
	require.Equal(t, []string{"m.onnx"}, folder(t, dir))
	checkFile(t, path, m)
	require.EqualError(t, e.Write(io.Discard, m), "onnx: Exporter.Write: External: got a writer, want a file, so that there can be a second one: use WriteFile")
	require.ErrorContains(t, e.WriteFile(filepath.Join(dir, "none", "m.onnx"), m), "onnx: Exporter.WriteFile: ")
}

// TestExternalRuntime: onnxruntime finds the weights in the second file.
func TestExternalRuntime(t *testing.T) {
	r, m, path := ort.Start(t), heavy(t), filepath.Join(t.TempDir(), "m.onnx")
	require.NoError(t, onnx.Exporter{External: true, Opset: 21}.WriteFile(path, m))
	x := samples(3, m.Input(), tensor.Float32)
	in, err := onnx.FromDense(x)
	require.NoError(t, err)
	out, err := ranElsewhere(r, path, map[string]onnx.Tensor{"input": in})
	require.NoError(t, err)
	got, err := out["output"].Dense()
	require.NoError(t, err)
	near(t, predicted(t, m, x), got, 1e-5)
}

// TestLimit: a model larger than one file may be gets a second one without being asked. The limit is a small one here, since the test
// would write 2 GB else.
func TestLimit(t *testing.T) {
	m, dir := heavy(t), t.TempDir()
	path := filepath.Join(dir, "m.onnx")
	require.NoError(t, onnx.WithLimit(onnx.Exporter{}, 4000).WriteFile(path, m))
	require.Equal(t, []string{"m.onnx", "m.onnx.data"}, folder(t, dir))
	checkFile(t, path, m)
	require.ErrorContains(t, onnx.WithLimit(onnx.Exporter{}, 4000).Write(&bytes.Buffer{}, m), "bytes, want at most 4000: protocol buffers hold no more; WriteFile puts weights in a second file")

	// An error leaves the old model and its weights.
	require.ErrorContains(t, onnx.WithLimit(onnx.Exporter{}, 100).WriteFile(path, m), "want at most 100")
	require.Equal(t, []string{"m.onnx", "m.onnx.data"}, folder(t, dir))
	checkFile(t, path, m)
}
