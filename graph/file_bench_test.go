package graph_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkSaveFile measures SaveFile for a trained model of 235,146 parameters with Adam's state, 2.8 MB; for comparison Save
// without a file, Open, and the same bytes written and synced to the disk by the least code.
func BenchmarkSaveFile(b *testing.B) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}},
		graph.Config{Input: []int{784}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	require.NoError(b, err)
	_, err = m.Fit(context.Background(), graph.Arrays{X: random(1, 8, 784), Y: random(2, 8, 10)}, graph.FitConfig{})
	require.NoError(b, err)
	file := saved(b, m)
	path := filepath.Join(b.TempDir(), "model")
	for name, write := range map[string]func() error{
		"SaveFile": func() error { return m.SaveFile(path) },
		"Save":     func() error { return m.Save(io.Discard) },
		"Open":     func() error { _, err := graph.ReadModel(bytes.NewReader(file)); return err },
		"disk": func() error {
			f, err := os.Create(path)
			if err != nil {
				return err
			}
			defer f.Close()
			if _, err := f.Write(file); err != nil {
				return err
			}
			return f.Sync()
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			for b.Loop() {
				if err := write(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
