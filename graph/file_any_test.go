package graph_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestAnyFile saves and opens models that take any size, and parts of them.
func TestAnyFile(t *testing.T) {
	ctx := context.Background()
	net := layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Conv2D{Filters: 3, Kernel: []int{3}, Stride: []int{2}}, layers.ReLU{}}),
		layers.GlobalAvgPool{}, layers.Named("head", layers.Dense{Units: 2}),
	}
	m, err := graph.Compile(net, graph.Config{Input: []int{1, graph.Any, graph.Any}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.SGD{}, Seed: 4})
	require.NoError(t, err)
	x := random(7, 3, 1, 9, 14)
	want, err := m.Predict(ctx, x)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "model.safetensors")
	require.NoError(t, m.SaveFile(path))
	opened, err := graph.Open(path)
	require.NoError(t, err)
	require.Equal(t, m.Input(), opened.Input())
	require.Equal(t, m.Output(), opened.Output())
	got, err := opened.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, want.Data(), got.Data())
	_, err = opened.Fit(ctx, graph.Arrays{X: x, Y: random(1, 3, 2)}, graph.FitConfig{})
	require.NoError(t, err)
	var first, second bytes.Buffer
	require.NoError(t, m.Save(&first))
	opened, err = graph.ReadModel(bytes.NewReader(first.Bytes()))
	require.NoError(t, err)
	require.NoError(t, opened.Save(&second))
	require.Equal(t, first.Bytes(), second.Bytes())

	encoder, err := opened.Sub("encoder")
	require.NoError(t, err)
	require.Equal(t, []int{3, graph.Any, graph.Any}, encoder.Output())
	inner, err := opened.Sub("encoder/relu1")
	require.NoError(t, err)
	require.Equal(t, []int{3, graph.Any, graph.Any}, inner.Input())
	head, err := opened.Sub("head")
	require.NoError(t, err)
	require.Equal(t, []int{3}, head.Input())
	code, err := encoder.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, []int{3, 3, 4, 6}, []int(code.Shape()))
	first.Reset()
	require.NoError(t, encoder.Save(&first))
	again, err := graph.ReadModel(&first)
	require.NoError(t, err)
	same, err := again.Predict(ctx, x)
	require.NoError(t, err)
	require.Equal(t, code.Data(), same.Data())
}

// TestAnyHostileFile checks files with invalid sizes, and that they take little memory.
func TestAnyHostileFile(t *testing.T) {
	m, err := graph.Compile(layers.Sequential{layers.PositionalEncoding{}, layers.LSTM{Units: 1}}, graph.Config{Input: []int{graph.Any, 2}})
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, m.Save(&file))
	for name, c := range map[string]struct{ sizes, want string }{
		"valid":         {"[[[5,2]],[[7,2]]]", ""},
		"none":          {"", `sizes: got "", want the shapes of the inputs as JSON`},
		"not JSON":      {"[[", `sizes: got "[[", want the shapes of the inputs as JSON`},
		"one":           {"[[[16,2]]]", "sizes: got 1 lists of shapes, want from 2 to 32"},
		"many":          {"[" + strings.Repeat("[[16,2]],", 40) + "[[16,2]]]", "sizes: got 41 lists of shapes, want from 2 to 32"},
		"no input":      {"[[],[]]", "sizes: got the shapes of 0 inputs, want 1"},
		"other input":   {"[[[16,2]],[[16,3]]]", "sizes: input: got shape [16 3], want [n any 2]"},
		"0":             {"[[[16,2]],[[0,2]]]", "sizes: input: got shape [0 2], want [n any 2]"},
		"Any":           {"[[[-1,2]],[[16,2]]]", "sizes: input: got shape [-1 2], want [n any 2]"},
		"rank":          {"[[[16,2]],[[16]]]", "sizes: input: got shape [16], want [n any 2]"},
		"huge":          {"[[[16,2]],[[9000000000000000000,2]]]", "want at most"},
		"long, not two": {"[[[1000000000,2]],[[16,2]]]", "want at most"},
	} {
		t.Run(name, func(t *testing.T) {
			b, err := graph.Reseal(file.Bytes(), func(m map[string]string) { m["sizes"] = c.sizes })
			require.NoError(t, err)
			n := allocated(func() { _, err = graph.ReadModel(bytes.NewReader(b)) })
			require.Less(t, n, 64<<20)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.want)
		})
	}
	wrong, err := graph.Reseal(file.Bytes(), func(m map[string]string) {
		m["network"] = strings.Replace(m["network"], `"layers.PositionalEncoding"`, `"layers.PositionalEncoding","Learned":true`, 1)
	})
	require.NoError(t, err)
	_, err = graph.ReadModel(bytes.NewReader(wrong))
	require.ErrorContains(t, err, "positionalencoding1/weight: got no tensor of that name in the file")
}
