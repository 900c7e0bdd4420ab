package layers_test

import (
	"context"
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/kernels"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// TestPortableBits: training gives the same weights in portable Go on amd64, in portable Go on WebAssembly, and with the kernels of
// WebAssembly. It holds them to hashes, so that a run on one of them is compared with all others. After a deliberate change of the
// portable sums, copy the new hashes from the failures.
func TestPortableBits(t *testing.T) {
	if form := kernels.Best(); form != kernels.Generic && form != kernels.SIMD128 {
		t.Skipf("the form in use, %v, has bits of its own; set NNDIY_CPU=generic", form)
	}
	if fuses(1 + 0x1p-12) {
		t.Skip("this compiler fuses products with sums, and so gives other bits")
	}
	adam, softmax := optimizers.Adam{LearningRate: 1e-3}, losses.SparseCategoricalCrossEntropy{}
	for _, c := range []struct {
		name      string
		net       layers.Sequential
		input     []int
		optimizer graph.Optimizer
		want      uint64
	}{
		{"dense", layers.Sequential{layers.Dense{Units: 70}, layers.ReLU{}, layers.Dense{Units: 10}, layers.Softmax{}},
			[]int{100}, adam, 0xf29ef40816f400b7},
		{"convolutions", layers.Sequential{layers.Conv2D{Filters: 8, Kernel: []int{3}, Padding: layers.Same}, layers.ReLU{}, layers.MaxPool2D{},
			layers.Conv2D{Filters: 16, Kernel: []int{3}}, layers.BatchNorm{}, layers.Tanh{}, layers.AvgPool2D{}, layers.Flatten{},
			layers.Dropout{Rate: 0.2}, layers.Dense{Units: 10}, layers.Softmax{}},
			[]int{1, 16, 16}, optimizers.SGD{LearningRate: 0.05, Momentum: 0.9}, 0xc4ee3f5f58690098},
		{"sequences", layers.Sequential{layers.LSTM{Units: 24, ReturnSequences: true}, layers.MultiHeadAttention{Heads: 2}, layers.LayerNorm{},
			layers.Dense{Units: 40}, layers.GELU{}, layers.Flatten{}, layers.Dense{Units: 10}, layers.Softmax{}},
			[]int{6, 20}, optimizers.RMSProp{LearningRate: 1e-3}, 0x65b849a19a69ec83},
	} {
		t.Run(c.name, func(t *testing.T) {
			const rows = 96
			rng := rand.New(rand.NewPCG(1, 2))
			x := tensor.New(tensor.WithShape(append([]int{rows}, c.input...)...), tensor.Of(tensor.Float32))
			for i := range x.Float32s() {
				x.Float32s()[i] = 2*rng.Float32() - 1
			}
			y := tensor.New(tensor.WithShape(rows), tensor.Of(tensor.Float32))
			for i := range y.Float32s() {
				y.Float32s()[i] = float32(rng.IntN(10))
			}
			model, err := graph.Compile(c.net, graph.Config{Input: c.input, Loss: softmax, Optimizer: c.optimizer, Seed: 1})
			require.NoError(t, err)
			_, err = model.Fit(context.Background(), graph.Arrays{X: x, Y: y}, graph.FitConfig{Epochs: 5, BatchSize: 32})
			require.NoError(t, err)
			h, weights := fnv.New64a(), model.Weights()
			for _, name := range weights.Names() {
				require.NoError(t, binary.Write(h, binary.LittleEndian, weights[name].Float32s()))
			}
			require.Equal(t, c.want, h.Sum64(), "got %#x", h.Sum64())
		})
	}
}

// fuses reports whether the compiler rounds x·y+z only once. x is 1+2⁻¹².
//
//go:noinline
func fuses(x float32) bool { return x*x-(1+0x1p-11) != 0 }
