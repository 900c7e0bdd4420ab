package graph_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkShards compares a step on 8 shards with one on the whole batch: the networks of the experiments, batch 512.
func BenchmarkShards(b *testing.B) {
	conv := func(n int) graph.Layer { return layers.Conv2D{Filters: n, Kernel: []int{3, 3}} }
	for _, c := range []struct {
		name string
		net  graph.Layer
		in   []int
		out  int
	}{
		{"mlp", layers.Sequential{layers.Dense{Units: 256}, layers.ReLU{}, layers.Dense{Units: 128}, layers.ReLU{}, layers.Dense{Units: 10}}, []int{784}, 10},
		{"cnn", layers.Sequential{conv(16), layers.ReLU{}, layers.MaxPool2D{Size: []int{2, 2}}, conv(32), layers.ReLU{}, layers.MaxPool2D{Size: []int{2, 2}},
			layers.Flatten{}, layers.Dense{Units: 10}}, []int{1, 28, 28}, 10},
	} {
		for _, shards := range []int{0, 1, 8} {
			b.Run(fmt.Sprintf("%s/%d", c.name, shards), func(b *testing.B) {
				m, err := graph.Compile(c.net, graph.Config{Input: c.in, Loss: pseudoSquare{}, Optimizer: optimizers.Adam{}})
				require.NoError(b, err)
				data := graph.Arrays{X: random(1, append([]int{512}, c.in...)...), Y: random(2, 512, c.out)}
				cfg := graph.FitConfig{MaxSteps: 2, BatchSize: 512, Shards: shards, NoShuffle: true}
				_, err = m.Fit(context.Background(), data, cfg)
				require.NoError(b, err)
				b.ResetTimer()
				cfg.MaxSteps = b.N
				_, err = m.Fit(context.Background(), data, cfg)
				require.NoError(b, err)
			})
		}
	}
}
