package graph_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkModelStep compares, for each batch size, a step of a long Fit, a call of Step and of StepInto, and a Fit of one batch.
func BenchmarkModelStep(b *testing.B) {
	nets := []struct {
		name string
		net  graph.Layer
		in   []int
	}{
		{"MLP", layers.Sequential{layers.Dense{Units: 256}, layers.ReLU{}, layers.Dense{Units: 128}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{}},
			[]int{784}},
		{"CNN", layers.Sequential{layers.Conv2D{Filters: 8, Kernel: []int{3, 3}}, layers.ReLU{}, layers.MaxPool2D{Size: []int{2, 2}}, layers.Flatten{}, layers.Dense{Units: 10}, layers.Softmax{}},
			[]int{1, 28, 28}},
	}
	for _, n := range nets {
		for _, size := range []int{1, 8, 64, 512} {
			x := tensor.New(tensor.WithShape(append([]int{size}, n.in...)...), tensor.Of(tensor.Float32))
			for i := range x.Float32s() {
				x.Float32s()[i] = float32(i%17) / 17
			}
			y := tensor.New(tensor.WithShape(size, 10), tensor.Of(tensor.Float32))
			for i := range size {
				y.Float32s()[i*10+i%10] = 1
			}
			batch, ctx := graph.Batch{X: x, Y: y}, context.Background()
			run := func(name string, f func(m *graph.Model, b *testing.B) error) {
				b.Run(fmt.Sprintf("%s/%d/%s", n.name, size, name), func(b *testing.B) {
					m, err := graph.Compile(n.net, graph.Config{Input: n.in, Loss: losses.CategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}})
					if err != nil {
						b.Fatal(err)
					}
					if _, err := m.Step(ctx, batch); err != nil {
						b.Fatal(err)
					}
					b.ReportAllocs()
					b.ResetTimer()
					if err := f(m, b); err != nil {
						b.Fatal(err)
					}
				})
			}
			run("Fit", func(m *graph.Model, b *testing.B) error {
				_, err := m.Fit(ctx, repeated{batch, b.N}, graph.FitConfig{BatchSize: size})
				return err
			})
			run("Step", func(m *graph.Model, b *testing.B) (err error) {
				for i := 0; i < b.N && err == nil; i++ {
					_, err = m.Step(ctx, batch)
				}
				return err
			})
			logs := graph.Logs{}
			run("StepInto", func(m *graph.Model, b *testing.B) (err error) {
				for i := 0; i < b.N && err == nil; i++ {
					err = m.StepInto(ctx, logs, batch)
				}
				return err
			})
			run("short Fit", func(m *graph.Model, b *testing.B) (err error) {
				for i := 0; i < b.N && err == nil; i++ {
					_, err = m.Fit(ctx, repeated{batch, 1}, graph.FitConfig{NoShuffle: true})
				}
				return err
			})
		}
	}
}

// repeated is a dataset that yields one batch n times.
type repeated struct {
	batch graph.Batch
	n     int
}

func (r repeated) Len() int { return r.n * r.batch.X.Shape()[0] }

func (r repeated) Batches(int, *rand.Rand) iter.Seq2[graph.Batch, error] {
	return func(yield func(graph.Batch, error) bool) {
		for range r.n {
			if !yield(r.batch, nil) {
				return
			}
		}
	}
}
