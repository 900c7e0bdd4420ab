package graph_test

import (
	"context"
	"testing"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkFitOne compares a step inside a long Fit with a Fit of one batch, as in online learning.
func BenchmarkFitOne(b *testing.B) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 2}},
		graph.Config{Input: []int{4}, Loss: losses.MeanSquaredError{}, Optimizer: optimizers.Adam{}})
	if err != nil {
		b.Fatal(err)
	}
	one := graph.Arrays{X: random(1, 32, 4), Y: random(2, 32, 2)}
	fit := func(b *testing.B, data graph.Arrays, epochs int) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := m.Fit(context.Background(), data, graph.FitConfig{BatchSize: 32, Epochs: epochs}); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("a Fit of one batch", func(b *testing.B) { fit(b, one, 1) })
	many := graph.Arrays{X: random(1, 3200, 4), Y: random(2, 3200, 2)}
	b.Run("a Fit of a hundred batches", func(b *testing.B) { fit(b, many, 1) })
}
