package layers_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// BenchmarkTrain reports the steps in a second of two small networks for images of digits, with Adam and batches of 32. Run it with
// NNDIY_CPU=generic as well, to compare the forms of a machine.
func BenchmarkTrain(b *testing.B) {
	conv := func(filters int) layers.Conv2D {
		return layers.Conv2D{Filters: filters, Kernel: []int{3}, Padding: layers.Same}
	}
	for _, c := range []struct {
		name  string
		net   layers.Sequential
		input []int
	}{
		{"Dense784x128x10", layers.Sequential{layers.Dense{Units: 128}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{}}, []int{784}},
		{"Conv8Conv16", layers.Sequential{conv(8), layers.ReLU{}, layers.MaxPool2D{}, conv(16), layers.ReLU{}, layers.MaxPool2D{},
			layers.Flatten{}, layers.Dense{Units: 10}, layers.Softmax{}}, []int{1, 28, 28}},
	} {
		b.Run(c.name, func(b *testing.B) {
			const batch, steps = 32, 4
			rng := rand.New(rand.NewPCG(1, 2))
			x := tensor.New(tensor.WithShape(append([]int{batch * steps}, c.input...)...), tensor.Of(tensor.Float32))
			for i := range x.Float32s() {
				x.Float32s()[i] = rng.Float32()
			}
			y := tensor.New(tensor.WithShape(batch*steps), tensor.Of(tensor.Float32))
			for i := range y.Float32s() {
				y.Float32s()[i] = float32(rng.IntN(10))
			}
			model, err := graph.Compile(c.net, graph.Config{Input: c.input, Loss: losses.SparseCategoricalCrossEntropy{},
				Optimizer: optimizers.Adam{LearningRate: 1e-3}, Seed: 1})
			require.NoError(b, err)
			fit := func(epochs int) {
				_, err := model.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: epochs, BatchSize: batch})
				require.NoError(b, err)
			}
			fit(1)
			b.ResetTimer()
			fit(b.N)
			b.ReportMetric(float64(b.N*steps)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}
