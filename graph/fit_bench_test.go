package graph_test

import (
	"context"
	"fmt"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkStep measures one training step of a 784-256-128-10 classifier, with the gathering of the batch.
func BenchmarkStep(b *testing.B) {
	for _, batch := range []int{1, 32, 128, 512} {
		b.Run(fmt.Sprint("batch ", batch), func(b *testing.B) {
			net := layers.Sequential{layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}}
			m, err := graph.Compile(net, graph.Config{Input: []int{784}, Optimizer: optimizers.Adam{},
				Loss: losses.SparseCategoricalCrossEntropy{FromLogits: true}})
			if err != nil {
				b.Fatal(err)
			}
			const rows = 8192
			data := graph.Arrays{
				X: tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(make([]float32, rows*784))),
				Y: tensor.New(tensor.WithShape(rows), tensor.WithBacking(make([]float32, rows))),
			}
			fit := func(steps int) {
				left := steps
				_, err := m.Fit(context.Background(), data, graph.FitConfig{Epochs: 1 << 30, BatchSize: batch, Callbacks: []graph.Callback{
					graph.CallbackFunc(func(_ *graph.Run, e graph.Event) error {
						if e == graph.StepEnd {
							if left--; left == 0 {
								return graph.Stop
							}
						}
						return nil
					})}})
				if err != nil {
					b.Fatal(err)
				}
			}
			fit(3)
			b.ReportAllocs()
			b.ResetTimer()
			fit(b.N)
			b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "samples/s")
		})
	}
}
