package graph_test

import (
	"context"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// BenchmarkPredictOne measures the latency of a network so small that only the overhead counts.
func BenchmarkPredictOne(b *testing.B) {
	m, err := graph.Compile(layers.Sequential{layers.Dense{Units: 4}, layers.Tanh{}, layers.Dense{Units: 2}}, graph.Config{Input: []int{4}})
	if err != nil {
		b.Fatal(err)
	}
	x := tensor.New(tensor.WithShape(1, 4), tensor.WithBacking(make([]float32, 4)))
	out := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking(make([]float32, 2)))
	b.ReportAllocs()
	for b.Loop() {
		if err := m.PredictInto(context.Background(), out, x); err != nil {
			b.Fatal(err)
		}
	}
}
