package graph_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// BenchmarkPredict measures a 784-256-128-10 network, called by several goroutines at once with a number of rows each.
func BenchmarkPredict(b *testing.B) {
	net := layers.Sequential{layers.Dense{Units: 256}, layers.Tanh{}, layers.Dense{Units: 128}, layers.Tanh{}, layers.Dense{Units: 10}, layers.Softmax{}}
	for _, workers := range []int{0, 1} {
		for _, goroutines := range []int{1, 2, 8} {
			for _, rows := range []int{1, 8, 64, 256} {
				b.Run(fmt.Sprintf("workers=%d/goroutines=%d/rows=%d", workers, goroutines, rows), func(b *testing.B) {
					m, err := graph.Compile(net, graph.Config{Input: []int{784}, Workers: workers})
					require.NoError(b, err)
					var wg sync.WaitGroup
					b.ResetTimer()
					for g := range goroutines {
						wg.Go(func() {
							x := tensor.New(tensor.WithShape(rows, 784), tensor.WithBacking(make([]float32, rows*784)))
							for i := g; i < b.N; i += goroutines {
								if _, err := m.Predict(context.Background(), x); err != nil {
									b.Error(err)
								}
							}
						})
					}
					wg.Wait()
					b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "rows/s")
				})
			}
		}
	}
}
