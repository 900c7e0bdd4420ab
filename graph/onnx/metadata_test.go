package onnx_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
	"github.com/nndiy/nndiy/layers"
)

// TestMetadata: a model's metadata is written, read, and passed on to the model that is compiled of the file, whatever its
// keys, and does not change what the file's own entries mean.
func TestMetadata(t *testing.T) {
	net := layers.Sequential{layers.Dense{Units: 2}, layers.BatchNorm{}}
	m, err := graph.Compile(net, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	want := map[string]string{
		"classes": "cat\ndog", "": "empty key", "empty": "", "format": "f", "nndiy.states": "dense1/weight", "nndiy.user.a": "b", "nndiy.parameter": "p",
	}
	require.NoError(t, m.SetMetadata(want))
	var file, again bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	require.NoError(t, onnx.Write(&again, m))
	require.Equal(t, file.Bytes(), again.Bytes())
	decoded, err := proto.Decode(file.Bytes())
	require.NoError(t, err)
	require.Contains(t, decoded.Metadata, proto.Property{Key: "classes", Value: "cat\ndog"})
	r, err := onnx.LoadBytes(file.Bytes(), "")
	require.NoError(t, err)
	require.Equal(t, want, r.Metadata())

	n, err := onnx.Read(&file)
	require.NoError(t, err)
	require.Equal(t, want, n.Metadata())
	n.Metadata()["classes"] = "changed"
	o, err := graph.Compile(n, graph.Config{Input: n.Input()})
	require.NoError(t, err)
	require.Equal(t, want, o.Metadata())
	require.Contains(t, o.String(), "16 parameters, 12 trained") // as before: the user's nndiy.states is not the file's

	again.Reset()
	require.NoError(t, o.Save(&again))
	o, err = graph.ReadModel(&again)
	require.NoError(t, err)
	require.Equal(t, want, o.Metadata())
	require.Nil(t, (*onnx.Network)(nil).Metadata())
}

// TestForeignMetadata: keys that occur twice, and those of a later version, do not prevent a file from being read.
func TestForeignMetadata(t *testing.T) {
	m, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{1}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, onnx.Write(&file, m))
	decoded, err := proto.Decode(file.Bytes())
	require.NoError(t, err)
	decoded.Metadata = append(decoded.Metadata, proto.Property{Key: "a", Value: "first"}, proto.Property{Key: "a", Value: "last"},
		proto.Property{Key: "nndiy.future", Value: "not the user's"})
	n, err := onnx.Read(bytes.NewReader(proto.Encode(decoded)))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"a": "last"}, n.Metadata())
}
