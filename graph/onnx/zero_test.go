package onnx_test

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/graph/onnx"
	"github.com/nndiy/nndiy/internal/settings/settingstest"
)

// TestZero calls each method of the zero value of each exported struct.
func TestZero(t *testing.T) {
	settingstest.Zero(t, []any{
		&onnx.Exporter{}, &onnx.Network{}, &onnx.Port{}, &onnx.Runner{}, &onnx.Tensor{},
	}, []any{context.Background(), io.Discard, &graph.Scope{}, &graph.Model{}})
}

// TestZeroModel: a model that Compile did not make is an error.
func TestZeroModel(t *testing.T) {
	for _, m := range []*graph.Model{nil, {}} {
		require.ErrorContains(t, onnx.Write(io.Discard, m), "Model")
		require.ErrorContains(t, onnx.WriteFile(filepath.Join(t.TempDir(), "m.onnx"), m), "Model")
	}
}
