package onnx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph/onnx/internal/proto"
)

// ends returns the names of the dimensions of a file's inputs and outputs, "" for fixed ones.
func ends(t *testing.T, file []byte) (inputs, outputs [][]string) {
	m, err := proto.Decode(file)
	require.NoError(t, err)
	names := func(list []proto.Value) (all [][]string) {
		for _, v := range list {
			var names []string
			for _, d := range v.Dims {
				names = append(names, d.Name)
			}
			all = append(all, names)
		}
		return all
	}
	return names(m.Graph.Inputs), names(m.Graph.Outputs)
}
