package onnx_test

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// TestLargeFile: Load runs a model whose weights take more than 2 GB, and reads only what it needs of them. The file is sparse.
func TestLargeFile(t *testing.T) {
	if !onnx.CanMap || math.MaxInt == math.MaxInt32 {
		t.Skip("this system cannot map such a file")
	}
	const rows, width = 5 << 24, 8 // 2.5 GiB
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "model.data"))
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	if err := f.Truncate(4 * rows * width); err != nil {
		t.Skipf("the file system has no sparse files: %v", err)
	}
	last := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	_, err = f.WriteAt(raw(last...), 4*(rows-1)*width)
	require.NoError(t, err)
	path := filepath.Join(dir, "model.onnx")
	require.NoError(t, os.WriteFile(path, proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
		Nodes:   []proto.Node{op("y", "Gather", []string{"w", "i"}), op("kind", "Shape", []string{"w"})},
		Inputs:  []proto.Value{value("i", proto.Int64, -1)},
		Outputs: []proto.Value{value("y", proto.Float32, -1, width), value("kind", proto.Int64, 2)},
		Initializers: []proto.Tensor{{Name: "w", Type: proto.Float32, Dims: []int64{rows, width},
			External: &proto.External{Location: "model.data", Length: 4 * rows * width}}},
	}}), 0o600))
	var out map[string]onnx.Tensor
	took := allocated(func() {
		r, err := onnx.Load(path)
		require.NoError(t, err)
		out = ran(t, r, map[string]onnx.Tensor{"i": {Shape: []int{2}, Data: []int64{rows - 1, 3}}})
	})
	require.Equal(t, append(last, make([]float32, width)...), out["y"].Data)
	require.Equal(t, []int64{rows, width}, out["kind"].Data)
	require.Less(t, took, 16<<20, "bytes allocated")
	runtime.GC() // unmaps the file
}

// TestMapped: what Load and Open read of a mapped file is what they read of others, at any offset and of any type.
func TestMapped(t *testing.T) {
	if !onnx.CanMap {
		t.Skip("this system cannot map files")
	}
	defer onnx.SetMapFrom(1)()
	dir := t.TempDir()
	numbers := append([]byte{7}, raw(1, 2, 3, 4, 5, 6, 7, 8)...) // behind one byte, which is no address of a float32
	require.NoError(t, os.WriteFile(filepath.Join(dir, "m.data"), append(raw(8, 7, 6, 5, 4, 3, 2, 1), numbers...), 0o600))
	for _, c := range []struct {
		offset int64
		want   []float32
	}{{0, []float32{14, 12}}, {33, []float32{4, 6}}} {
		path := filepath.Join(dir, "m.onnx")
		require.NoError(t, os.WriteFile(path, outside(t, "m.data", c.offset, 32), 0o600))
		r, err := onnx.Load(path)
		require.NoError(t, err)
		net, err := onnx.Open(path)
		require.NoError(t, err)
		runtime.GC() // must not unmap what is in use
		require.Equal(t, c.want, ran(t, r, map[string]onnx.Tensor{"x": float32s([]int{1, 4}, 1, 1, 0, 0)})["y"].Data)
		m, err := graph.Compile(net, graph.Config{Input: net.Input()})
		require.NoError(t, err)
		x := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking([]float32{1, 1, 0, 0}))
		require.Equal(t, c.want, predicted(t, m, x).Data())
	}
	bools := filepath.Join(dir, "bools.onnx")
	require.NoError(t, os.WriteFile(bools, proto.Encode(&proto.Model{IR: 8, Opsets: []proto.Opset{{Version: 17}}, Graph: proto.Graph{
		Nodes:        []proto.Node{op("y", "Not", []string{"b"}), op("h", "Identity", []string{"half"})},
		Outputs:      []proto.Value{value("y", proto.Bool, 3), value("h", proto.Float16, 1)},
		Initializers: []proto.Tensor{{Name: "b", Type: proto.Bool, Dims: []int64{3}, Raw: []byte{0, 1, 2}}, {Name: "half", Type: proto.Float16, Dims: []int64{1}, Raw: []byte{0, 0x3c}}},
	}}), 0o600))
	r, err := onnx.Load(bools)
	require.NoError(t, err)
	out := ran(t, r, nil)
	require.Equal(t, []bool{true, false, false}, out["y"].Data)
	require.Equal(t, []onnx.Float16{0x3c00}, out["h"].Data)
}
